package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Books.Balance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BalanceViewTest {

    private final Balance balance = new Balance(1234567, 1234000, 500, 60, 7, 3, Duration.ofMillis(61_250));

    @Test
    void tellsThePartsOfTheSumWithPlainDigitsInEveryLocale() {
        assertThat(BalanceView.text(balance))
                .matches("received 1234567 = stored 1234000 \\+ duplicates 500 \\+ quarantined 60 \\+ released 7, in"
                        + " 61\\.[23] s");
    }

    @Test
    void tellsMachinesTheKeysOfTheContractAndNoOther() {
        assertThat(BalanceView.json(balance))
                .isEqualTo("{\"received\":1234567,\"stored\":1234000,\"duplicates\":500,\"quarantined\":60,"
                        + "\"released\":7,\"seconds\":61.25}");
    }
}
