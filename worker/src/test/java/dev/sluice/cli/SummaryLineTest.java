package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Counters.Summary;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SummaryLineTest {

    private final Summary balance = new Summary(1234567, 1234000, 500, 60, 7, 3, Duration.ofMillis(61_250));

    @Test
    void tellsThePartsOfTheSumWithPlainDigitsInEveryLocale() {
        assertThat(SummaryLine.text(balance))
                .matches("received 1234567 = stored 1234000 \\+ duplicates 500 \\+ quarantined 60 \\+ released 7, in"
                        + " 61\\.[23] s");
    }

    @Test
    void tellsMachinesTheKeysOfTheContractAndNoOther() {
        assertThat(SummaryLine.json(balance))
                .isEqualTo("{\"received\":1234567,\"stored\":1234000,\"duplicates\":500,\"quarantined\":60,"
                        + "\"released\":7,\"seconds\":61.25}");
    }
}
