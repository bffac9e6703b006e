package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 µs",
        "0.000002, 2 µs",
        "0.0110, 11 ms",
        "0.41, 410 ms",
        "1.23, 1.2 s",
        "12.4, 12 s",
        "243, 4 min 3 s"
    })
    void writesATimeWithItsUnit(double seconds, String text) {
        assertThat(Amounts.time(seconds)).isEqualTo(text);
    }

    @Test
    void writesADashForWhatWasNotMeasured() {
        assertThat(Amounts.time(null)).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource({"-3, 0 s", "59, 59 s", "60, 1 min 0 s", "3661, 1 h 1 min", "273600, 3 d 4 h"})
    void writesASpanInItsTwoLargestUnits(long seconds, String text) {
        assertThat(Amounts.span(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0;0", "0.004;<0.01", "0.04;0.04", "1.5;1.5", "412.4;412", "12300;12,300"})
    void tellsASlowRateFromNone(double perSecond, String text) {
        assertThat(Amounts.rate(perSecond)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 bytes", "1023, 1023 bytes", "1024, 1.0 KiB", "1258291, 1.2 MiB", "9223372036854775807, 8.0 EiB"})
    void writesBytesInBinaryUnits(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }
}
