package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides when the consumers end. One instance for all of them, called between batches. Thread-safe.
 */
public interface StopRule {

    /** SQS's longest long poll (ReceiveMessage, WaitTimeSeconds). */
    Duration MAX_WAIT_TIME = Duration.ofSeconds(20);

    /** Called before each batch: whether to receive one. A consumer that is answered no ends. */
    boolean shouldContinue();

    /** How long the next receive may wait for a first message; called after {@link #shouldContinue()} returned true. */
    default Duration waitTime() {
        return MAX_WAIT_TIME;
    }

    /**
     * Called after each batch that received something, or waited for it; of those that waited, one at a time.
     *
     * @param messages how many it received
     * @param awaitOthers blocks until no other batch is in flight; only for one that received nothing
     * @throws InfrastructureException if the rule queries the queue, and the query fails
     */
    default void received(int messages, Runnable awaitOthers) {}

    /** Called after each other batch: one that failed, or that received nothing and did not wait. */
    default void inconclusive() {}

    /** Until a shutdown is requested. */
    static StopRule never() {
        return () -> true;
    }

    /**
     * Until nothing is visible, in flight or delayed, in three checks in a row, since SQS's counts are approximate and lag.
     * Before each is an empty receive, and before the last two one that waits 1 s, the shortest long poll: a short poll asks
     * only some of SQS's servers and may miss messages.
     */
    static StopRule whenEmpty(Source source) {
        AtomicInteger emptyChecks = new AtomicInteger();
        AtomicBoolean dry = new AtomicBoolean();
        return new StopRule() {
            @Override
            public boolean shouldContinue() {
                return emptyChecks.get() < 3;
            }

            @Override
            public Duration waitTime() {
                return dry.get() ? Duration.ofSeconds(1) : Duration.ZERO;
            }

            @Override
            public void received(int messages, Runnable awaitOthers) {
                if (messages == 0) {
                    awaitOthers.run();
                }
                dry.set(messages == 0);
                boolean empty = messages == 0 && source.depth().isEmpty();
                emptyChecks.updateAndGet(checks -> empty ? checks + 1 : 0);
            }

            @Override
            public void inconclusive() {
                emptyChecks.set(0);
            }
        };
    }

    /** After that many batches, over all consumers, that received something. */
    static StopRule afterBatches(long batches) {
        AtomicLong left = new AtomicLong(batches);
        return new StopRule() {
            @Override
            public boolean shouldContinue() {
                return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            }

            @Override
            public void received(int messages, Runnable awaitOthers) {
                if (messages == 0) {
                    inconclusive();
                }
            }

            @Override
            public void inconclusive() {
                left.incrementAndGet();
            }
        };
    }

    /** Once that much time has passed; the last receive waits no longer than that. */
    static StopRule after(Duration duration, InstantSource clock) {
        Instant end = clock.instant().plus(duration);
        return new StopRule() {
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
    static StopRule firstOf(List<StopRule> rules) {
        List<StopRule> all = List.copyOf(rules);
        return new StopRule() {
            @Override
            public boolean shouldContinue() {
                return all.stream().allMatch(StopRule::shouldContinue);
            }

            @Override
            public Duration waitTime() {
                return all.stream().map(StopRule::waitTime).reduce(MAX_WAIT_TIME, (a, b) -> a.compareTo(b) < 0 ? a : b);
            }

            // In reverse, since only a rule that queries the queue fails, and the count must be right nevertheless.
            @Override
            public void received(int messages, Runnable awaitOthers) {
                all.reversed().forEach(rule -> rule.received(messages, awaitOthers));
            }

            @Override
            public void inconclusive() {
                all.forEach(StopRule::inconclusive);
            }
        };
    }
}
