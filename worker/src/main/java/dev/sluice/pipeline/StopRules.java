package dev.sluice.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** When a run ends by itself. Each method returns a supplier of one rule per consumer. */
public final class StopRules {

    /** Checks in a row that must find nothing: SQS's counts are approximate and lag. */
    private static final int CHECKS = 3;

    /** The shortest long poll; a short poll asks only some of SQS's servers and may miss messages. */
    private static final Duration SHORT_WAIT_TIME = Duration.ofSeconds(1);

    private StopRules() {}

    /** Until a shutdown is requested. */
    public static Supplier<StopRule> never() {
        return () -> () -> true;
    }

    /** Until nothing is visible, in flight or delayed, in three checks in a row, with an empty receive before each. */
    public static Supplier<StopRule> whenEmpty(Source source) {
        return () -> new StopRule() {
            private int emptyChecks;

            @Override
            public boolean shouldContinue() {
                return emptyChecks < CHECKS;
            }

            @Override
            public Duration waitTime() {
                return SHORT_WAIT_TIME;
            }

            @Override
            public void received(int messages) {
                boolean empty = messages == 0 && source.depth().isEmpty();
                emptyChecks = empty ? emptyChecks + 1 : 0;
            }

            @Override
            public void failed() {
                emptyChecks = 0;
            }
        };
    }

    /** After that many batches, over all consumers, that received something. */
    public static Supplier<StopRule> afterBatches(long batches) {
        AtomicLong left = new AtomicLong(batches);
        return () -> new StopRule() {
            @Override
            public boolean shouldContinue() {
                return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            }

            @Override
            public void received(int messages) {
                if (messages == 0) {
                    failed();
                }
            }

            @Override
            public void failed() {
                left.incrementAndGet();
            }
        };
    }

    /** Once that much time has passed; the last receive waits no longer than that. */
    public static Supplier<StopRule> after(Duration duration, InstantSource clock) {
        Instant end = clock.instant().plus(duration);
        return () -> new StopRule() {
            @Override
            public boolean shouldContinue() {
                return clock.instant().isBefore(end);
            }

            @Override
            public Duration waitTime() {
                Duration left = Duration.between(clock.instant(), end);
                if (left.isNegative()) {
                    return Duration.ZERO;
                }
                return left.compareTo(MAX_WAIT_TIME) < 0 ? left : MAX_WAIT_TIME;
            }
        };
    }
}
