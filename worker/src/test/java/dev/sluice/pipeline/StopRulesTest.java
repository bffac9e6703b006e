package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.pipeline.InfrastructureException.Kind;
import dev.sluice.pipeline.Source.Depth;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopRulesTest {

    @Test
    void neverGoesOnWhateverItSaw() {
        StopRule rule = StopRules.never().get();
        rule.saw(0);
        rule.saw(5);
        rule.failed();

        assertThat(rule.goesOn()).isTrue();
        assertThat(rule.patience()).isEqualTo(StopRule.MAX_PATIENCE);
    }

    @Nested
    class WhenEmpty {

        private final FakeSource source = new FakeSource(new Events());
        private final StopRule rule = StopRules.whenEmpty(source).get();

        @Test
        void endsAfterThreeEmptyLooks() {
            rule.saw(0);
            rule.saw(0);
            assertThat(rule.goesOn()).isTrue();

            rule.saw(0);
            assertThat(rule.goesOn()).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"1,0,0", "0,1,0", "0,0,1"})
        void startsAnewWhenSomethingIsVisibleInFlightOrDelayed(long visible, long inFlight, long delayed) {
            Depth empty = new Depth(0, 0, 0);
            source.depths(empty, empty, new Depth(visible, inFlight, delayed), empty, empty);
            for (int look = 0; look < 5; look++) {
                rule.saw(0);
            }

            assertThat(rule.goesOn()).isTrue();
        }

        @Test
        void startsAnewWhenSomethingWasReceived() {
            rule.saw(0);
            rule.saw(0);
            rule.saw(1);
            rule.saw(0);

            assertThat(rule.goesOn()).isTrue();
        }

        @Test
        void startsAnewWhenARoundFailedSinceItsMessagesWereGivenBack() {
            rule.saw(0);
            rule.saw(0);
            rule.failed();
            rule.saw(0);

            assertThat(rule.goesOn()).isTrue();
        }

        @Test
        void passesOnThatTheQueueDoesNotAnswer() {
            InfrastructureException away = new InfrastructureException(Kind.TRANSIENT, "away.");
            source.depthFails(away);

            assertThatThrownBy(() -> rule.saw(0)).isSameAs(away);
        }

        @Test
        void waitsByTheShortestLongPoll() {
            assertThat(rule.patience()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Nested
    class AfterBatches {

        private final Supplier<StopRule> rules = StopRules.afterBatches(2);
        private final StopRule one = rules.get();
        private final StopRule other = rules.get();

        @Test
        void countsOverAllLanes() {
            assertThat(one.goesOn()).isTrue();
            assertThat(other.goesOn()).isTrue();

            assertThat(one.goesOn()).isFalse();
            assertThat(other.goesOn()).isFalse();
        }

        @Test
        void givesARoundThatReceivedNothingBack() {
            one.goesOn();
            one.saw(3);
            one.goesOn();
            one.saw(0);

            assertThat(other.goesOn()).isTrue();
            assertThat(one.goesOn()).isFalse();
        }

        @Test
        void givesAFailedRoundBack() {
            one.goesOn();
            one.failed();

            assertThat(one.goesOn()).isTrue();
            assertThat(one.goesOn()).isTrue();
            assertThat(one.goesOn()).isFalse();
        }
    }

    @Nested
    class After {

        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        private final StopRule rule =
                StopRules.after(Duration.ofSeconds(30), now::get).get();

        @Test
        void endsWhenTheTimeHasPassed() {
            now.set(Instant.EPOCH.plusMillis(29_999));
            assertThat(rule.goesOn()).isTrue();

            now.set(Instant.EPOCH.plusSeconds(30));
            assertThat(rule.goesOn()).isFalse();
        }

        @Test
        void waitsNoLongerThanWhatIsLeft() {
            assertThat(rule.patience()).isEqualTo(StopRule.MAX_PATIENCE);

            now.set(Instant.EPOCH.plusSeconds(25));
            assertThat(rule.patience()).isEqualTo(Duration.ofSeconds(5));
        }

        @Test
        void doesNotWaitOnceTheTimeIsOver() {
            now.set(Instant.EPOCH.plusSeconds(31));

            assertThat(rule.patience()).isEqualTo(Duration.ZERO);
        }
    }
}
