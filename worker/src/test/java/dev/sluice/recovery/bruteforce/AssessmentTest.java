package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssessmentTest {

    @Test
    void estimatesTheWholeByThePart() {
        Attack attack = new Attack("SHA-256", "ipv4", 1_000, 90, 100, 1_000, 3);

        assertThat(attack.estimate()).isEqualTo(0.9, within(1e-9));
        assertThat(attack.low()).isBetween(0.7, 0.75);
        assertThat(attack.high()).isEqualTo(1);
        assertThat(attack.secondsForAll()).isEqualTo(30, within(1e-9));
    }

    @Test
    void isExactWhenAllWasTried() {
        Attack attack = new Attack("SHA-256", "ipv4", 10, 4, 1_000, 1_000, 3);

        assertThat(List.of(attack.low(), attack.estimate(), attack.high())).containsOnly(0.4);
        assertThat(new Attack("MD5", "ipv4", 10, 0, 1_000, 1_000, 3).high()).isZero();
    }

    @Test
    void claimsNoMoreThanItKnowsWhenNothingWasFound() {
        Attack attack = new Attack("SHA-256", "ipv4", 1_000, 0, 100, 1_000, 3);

        assertThat(attack.estimate()).isZero();
        assertThat(attack.high()).isEqualTo(0.03, within(1e-9));
    }

    @Test
    void countsWhatIsReadAndWhatIsReversed() {
        Attack attack = new Attack("SHA-256", "ipv4", 50, 5, 100, 1_000, 3);
        Assessment assessment = new Assessment("c", 100, 90, Map.of(), 25, List.of(attack));

        assertThat(assessment.reversible()).isEqualTo(0.75, within(1e-9));
    }
}
