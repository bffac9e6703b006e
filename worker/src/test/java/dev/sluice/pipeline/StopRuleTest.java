package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Source.Depth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopRuleTest {

    /** Waits for nobody. */
    private static void alone() {}

    @Test
    void neverGoesOnWhateverItSaw() {
        StopRule rule = StopRule.never();
        rule.received(0, StopRuleTest::alone);
        rule.received(5, StopRuleTest::alone);
        rule.inconclusive();

        assertThat(rule.shouldContinue()).isTrue();
        assertThat(rule.waitTime()).isEqualTo(StopRule.MAX_WAIT_TIME);
    }

    @Nested
    class WhenEmpty {

        private final FakeSource source = new FakeSource(new Events());
        private final StopRule rule = StopRule.whenEmpty(source);

        @Test
        void endsAfterThreeEmptyLooks() {
            rule.received(0, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);
            assertThat(rule.shouldContinue()).isTrue();

            rule.received(0, StopRuleTest::alone);
            assertThat(rule.shouldContinue()).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"1,0,0", "0,1,0", "0,0,1"})
        void startsAgainWhenSomethingIsVisibleInFlightOrDelayed(long visible, long inFlight, long delayed) {
            Depth empty = new Depth(0, 0, 0);
            source.depths(empty, empty, new Depth(visible, inFlight, delayed), empty, empty);
            for (int look = 0; look < 5; look++) {
                rule.received(0, StopRuleTest::alone);
            }

            assertThat(rule.shouldContinue()).isTrue();
        }

        /** What this worker has in flight would count as not empty, and cost another second. */
        @Test
        void looksOnceTheOtherBatchesAreSettled() {
            source.depths(new Depth(0, 1, 0));

            rule.received(0, source::depth);
            rule.received(0, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);

            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void startsAgainWhenSomethingWasReceived() {
            rule.received(0, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);
            rule.received(1, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);

            assertThat(rule.shouldContinue()).isTrue();
        }

        @Test
        void startsAgainWhenABatchFailedSinceItsMessagesWereReturnedToTheQueue() {
            rule.received(0, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);
            rule.inconclusive();
            rule.received(0, StopRuleTest::alone);

            assertThat(rule.shouldContinue()).isTrue();
        }

        @Test
        void passesOnThatTheQueueDoesNotAnswer() {
            InfrastructureException away = new InfrastructureException(Kind.TRANSIENT, "away.");
            source.depthFails(away);

            assertThatThrownBy(() -> rule.received(0, StopRuleTest::alone)).isSameAs(away);
        }

        @Test
        void waitsByTheShortestLongPollOnceTheQueueIsDry() {
            assertThat(rule.waitTime()).isZero();
            rule.received(0, StopRuleTest::alone);
            assertThat(rule.waitTime()).isEqualTo(Duration.ofSeconds(1));
            rule.received(1, StopRuleTest::alone);
            assertThat(rule.waitTime()).isZero();
        }

        /** Their batch ends while the look waits for it: the second look must still follow a long poll. */
        @Test
        void waitsByALongPollAlsoIfAnotherBatchEndsDuringALook() {
            rule.received(0, () -> rule.received(5, StopRuleTest::alone));

            assertThat(rule.waitTime()).isEqualTo(Duration.ofSeconds(1));
        }

        /** Others hold the last messages for as long as they like: that must not be a loop of short polls. */
        @Test
        void waitsAlsoWhileSomethingIsInFlightElsewhere() {
            source.depths(new Depth(0, 1, 0), new Depth(0, 1, 0));
            rule.received(0, StopRuleTest::alone);
            rule.received(0, StopRuleTest::alone);

            assertThat(rule.shouldContinue()).isTrue();
            assertThat(rule.waitTime()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Nested
    class AfterBatches {

        private final StopRule rule = StopRule.afterBatches(2);

        @Test
        void countsOverAllConsumers() {
            assertThat(rule.shouldContinue()).isTrue();
            assertThat(rule.shouldContinue()).isTrue();

            assertThat(rule.shouldContinue()).isFalse();
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void givesARoundThatReceivedNothingBack() {
            rule.shouldContinue();
            rule.received(3, StopRuleTest::alone);
            rule.shouldContinue();
            rule.received(0, StopRuleTest::alone);

            assertThat(rule.shouldContinue()).isTrue();
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void givesAFailedRoundBack() {
            rule.shouldContinue();
            rule.inconclusive();

            assertThat(rule.shouldContinue()).isTrue();
            assertThat(rule.shouldContinue()).isTrue();
            assertThat(rule.shouldContinue()).isFalse();
        }
    }

    @Nested
    class After {

        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        private final StopRule rule = StopRule.after(Duration.ofSeconds(30), now::get);

        @Test
        void endsWhenTheTimeHasPassed() {
            now.set(Instant.EPOCH.plusMillis(29_999));
            assertThat(rule.shouldContinue()).isTrue();

            now.set(Instant.EPOCH.plusSeconds(30));
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void waitsNoLongerThanWhatIsLeft() {
            assertThat(rule.waitTime()).isEqualTo(StopRule.MAX_WAIT_TIME);

            now.set(Instant.EPOCH.plusSeconds(25));
            assertThat(rule.waitTime()).isEqualTo(Duration.ofSeconds(5));
        }

        @Test
        void doesNotWaitOnceTheTimeIsOver() {
            now.set(Instant.EPOCH.plusSeconds(31));

            assertThat(rule.waitTime()).isEqualTo(Duration.ZERO);
        }
    }

    @Nested
    class FirstOf {

        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        private final FakeSource source = new FakeSource(new Events());
        private final StopRule rule = StopRule.firstOf(List.of(
                StopRule.whenEmpty(source),
                StopRule.after(Duration.ofSeconds(30), now::get),
                StopRule.afterBatches(2)));

        @Test
        void endsWithTheTime() {
            assertThat(rule.shouldContinue()).isTrue();

            now.set(Instant.EPOCH.plusSeconds(30));
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void endsWithTheBatches() {
            for (int batch = 0; batch < 2; batch++) {
                assertThat(rule.shouldContinue()).isTrue();
                rule.received(1, StopRuleTest::alone);
            }
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void endsWhenTheQueueIsEmptyAndCountsNoEmptyBatch() {
            for (int check = 0; check < 3; check++) {
                assertThat(rule.shouldContinue()).isTrue();
                rule.received(0, StopRuleTest::alone);
            }
            assertThat(rule.shouldContinue()).isFalse();
        }

        @Test
        void waitsAsShortAsTheShortest() {
            rule.received(0, StopRuleTest::alone);
            assertThat(rule.waitTime()).isEqualTo(Duration.ofSeconds(1));
        }
    }
}
