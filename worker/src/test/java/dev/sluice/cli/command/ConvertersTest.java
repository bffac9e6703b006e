package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

    @Nested
    class Durations {

        @ParameterizedTest
        @CsvSource({"250ms,PT0.25S", "30s,PT30S", "10m,PT10M", "2h,PT2H", "1d,PT24H", "999999999d,PT23999999976H"})
        void areANumberAndAUnit(String text, Duration expected) {
            assertThat(Converters.duration(text)).isEqualTo(expected);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "10", "m", "0s", "-1s", "+1s", "1.5h", "1 m", "1M", "1w", "٣s", "9999999999s", "PT1M"})
        void areNothingElse(String text) {
            assertThatThrownBy(() -> Converters.duration(text))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessage("a duration such as 30s, 10m, 2h or 1d was expected");
        }
    }

    @Nested
    class Schedules {

        @ParameterizedTest
        @ValueSource(strings = {"0 2 * * *", "*/5 * * * *", "30 4 1,15 * 5", "0 0 29 2 *"})
        void haveFiveFields(String text) {
            assertThat(Converters.cron(text).asString()).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "daily", "0 2 * *", "0 0 2 * * ?", "60 2 * * *", "0 24 * * *", "0 2 * 13 *"})
        void areNothingElse(String text) {
            assertThatThrownBy(() -> Converters.cron(text))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageStartingWith("a cron expression of five fields");
        }
    }

    @Test
    void refuseWithoutACauseThatCouldQuote() {
        assertThatThrownBy(() -> Converters.cron("x")).hasNoCause();
    }
}
