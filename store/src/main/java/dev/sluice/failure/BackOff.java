package dev.sluice.failure;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after consecutive failures: doubling from a step of 2 s to one of 30 s, half of each step at random, so
 * that many workers do not retry at the same moment. Not thread-safe.
 */
public final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration first;
    private final Duration longest;
    private Duration step;

    public BackOff() {
        this(FIRST);
    }

    /** @param first the first step, at least 2 ms */
    public BackOff(Duration first) {
        this.first = first;
        this.longest = first.compareTo(LONGEST) < 0 ? LONGEST : first;
        this.step = first;
    }

    /** The wait after one more failure: between half of the step and the whole. */
    public Duration next() {
        long half = step.toMillis() / 2;
        Duration wait = Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half));
        step = step.compareTo(longest.dividedBy(2)) < 0 ? step.multipliedBy(2) : longest;
        return wait;
    }

    /** Called after a success. */
    public void reset() {
        step = first;
    }
}
