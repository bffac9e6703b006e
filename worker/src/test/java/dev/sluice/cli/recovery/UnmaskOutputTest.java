package dev.sluice.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnmaskOutputTest {

    @Test
    void keepsAValueOnOneLineAndApartFromWhatStandsForNone() {
        Map<String, String> lines = Map.of(
                "198.18.0.1", "198.18.0.1",
                "a b", "a b",
                "\\N", "\\\\N",
                "\\u{a}", "\\\\u{a}",
                "a\r\nb", "a\\u{d}\\u{a}b",
                "a\u2028b", "a\\u{2028}b",
                "\u001b[2J", "\\u{1b}[2J");

        lines.forEach((value, line) -> assertThat(UnmaskOutput.line(value))
                .isEqualTo(line)
                .isNotEqualTo(UnmaskOutput.NO_VALUE)
                .hasLineCount(1));
    }
}
