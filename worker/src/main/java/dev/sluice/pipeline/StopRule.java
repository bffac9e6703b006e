package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Decides when a consumer ends. One instance per consumer, called by it only, between batches. The static methods return
 * suppliers of one rule per consumer.
 */
public interface StopRule {

    /** SQS's longest long poll (ReceiveMessage, WaitTimeSeconds). */
    Duration MAX_WAIT_TIME = Duration.ofSeconds(20);

    /** Called before each batch: whether to receive one. */
    boolean shouldContinue();

    /** How long the next receive may wait for a first message; called after {@link #shouldContinue()} returned true. */
    default Duration waitTime() {
        return MAX_WAIT_TIME;
    }

    /**
     * Called after each batch that did not fail.
     *
     * @param messages how many it received
     * @throws InfrastructureException if the rule queries the queue, and the query fails
     */
    default void received(int messages) {}

    /** Called after each batch that failed; its messages were returned to the queue. */
    default void failed() {}

    /** Until a shutdown is requested. */
    static Supplier<StopRule> never() {
        return () -> () -> true;
    }

    /**
     * Until nothing is visible, in flight or delayed, in three checks in a row, since SQS's counts are approximate and lag,
     * with an empty receive before each. That waits 1 s, the shortest long poll: a short poll asks only some of SQS's
     * servers and may miss messages.
     */
    static Supplier<StopRule> whenEmpty(Source source) {
        return () -> new StopRule() {
            private int emptyChecks;

            @Override
            public boolean shouldContinue() {
                return emptyChecks < 3;
            }

            @Override
            public Duration waitTime() {
                return Duration.ofSeconds(1);
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
    static Supplier<StopRule> afterBatches(long batches) {
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
    static Supplier<StopRule> after(Duration duration, InstantSource clock) {
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

    /**
     * When the first of several rules says so.
     *
     * @param rules one that counts batches comes last: it must not count one that another rule prevents
     */
    static Supplier<StopRule> firstOf(List<Supplier<StopRule>> rules) {
        return () -> {
            List<StopRule> all = rules.stream().map(Supplier::get).toList();
            return new StopRule() {
                @Override
                public boolean shouldContinue() {
                    return all.stream().allMatch(StopRule::shouldContinue);
                }

                @Override
                public Duration waitTime() {
                    return all.stream()
                            .map(StopRule::waitTime)
                            .reduce(MAX_WAIT_TIME, (a, b) -> a.compareTo(b) < 0 ? a : b);
                }

                // In reverse, since only a rule that queries the queue fails, and the count must be right nevertheless.
                @Override
                public void received(int messages) {
                    all.reversed().forEach(rule -> rule.received(messages));
                }

                @Override
                public void failed() {
                    all.forEach(StopRule::failed);
                }
            };
        };
    }
}
