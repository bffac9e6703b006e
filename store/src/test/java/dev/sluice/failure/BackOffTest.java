package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff();

    @RepeatedTest(20)
    void doublesFromASecondToHalfAMinuteWithTheUpperHalfAtRandom() {
        int[] stepSeconds = {2, 4, 8, 16, 30, 30, 30};
        for (int step : stepSeconds) {
            assertThat(backOff.next()).isBetween(Duration.ofSeconds(step).dividedBy(2), Duration.ofSeconds(step));
        }
    }

    @Test
    void startsAgainAfterASuccess() {
        for (int failure = 0; failure < 5; failure++) {
            backOff.next();
        }

        backOff.reset();

        assertThat(backOff.next()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }
}
