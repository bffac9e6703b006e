package dev.sluice.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The ways in which a run may end by itself. Each answers a supplier of one rule per lane. */
public final class StopRules {

    /** Looks that must find nothing, one after the other: SQS's counts are approximate and lag. */
    private static final int LOOKS = 3;

    /** One long poll of the shortest kind; a short poll asks only some of SQS's servers and may miss messages. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

    private StopRules() {}

    /** Until somebody asks to stop. */
    public static Supplier<StopRule> never() {
        return () -> new StopRule() {
            @Override
            public boolean shouldContinue() {
                return true;
            }

            @Override
            public Duration waitTime() {
                return MAX_WAIT_TIME;
            }

            @Override
            public void received(int messages) {}
        };
    }

    /** Until nothing is visible, in flight or delayed, three times in a row, with an empty receive before each look. */
    public static Supplier<StopRule> whenEmpty(Source source) {
        return () -> new StopRule() {
            private int emptyLooks;

            @Override
            public boolean shouldContinue() {
                return emptyLooks < LOOKS;
            }

            @Override
            public Duration waitTime() {
                return SHORT_PATIENCE;
            }

            @Override
            public void received(int messages) {
                boolean empty = messages == 0 && source.depth().isEmpty();
                emptyLooks = empty ? emptyLooks + 1 : 0;
            }

            @Override
            public void failed() {
                emptyLooks = 0;
            }
        };
    }

    /** After that many rounds, over all lanes, that received something. */
    public static Supplier<StopRule> afterBatches(long batches) {
        AtomicLong left = new AtomicLong(batches);
        return () -> new StopRule() {
            @Override
            public boolean shouldContinue() {
                return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            }

            @Override
            public Duration waitTime() {
                return MAX_WAIT_TIME;
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

            @Override
            public void received(int messages) {}
        };
    }
}
