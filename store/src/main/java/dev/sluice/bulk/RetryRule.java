package dev.sluice.bulk;

import dev.sluice.failure.BackOff;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long failing work is tried again.
 *
 * @param longestOutage from the first failure after work was done to the last one that is tried again
 * @param mostTries failures in a row, none of which got further than the first: what always fails at one place is not tried
 *     for ever
 * @param firstWait the first step of the {@link BackOff} between two tries
 * @param nanoTime the clock of outages
 */
record RetryRule(Duration longestOutage, int mostTries, Duration firstWait, LongSupplier nanoTime) {

    /** An outage of five minutes needs a person. The pauses between 30 tries take longer than that. */
    static final RetryRule STANDARD = new RetryRule(Duration.ofMinutes(5), 30, Duration.ofSeconds(2), System::nanoTime);

    /** For one piece of work. */
    Outage outage() {
        return new Outage(this);
    }

    /** What a piece of work has met so far. Used by one thread. */
    static final class Outage {

        private final RetryRule rule;
        private final BackOff backOff;
        private boolean isFailing;
        private long failingSince;
        private long reached;
        private long furthest;
        private int triesWithoutGain;

        private Outage(RetryRule rule) {
            this.rule = rule;
            this.backOff = new BackOff(rule.firstWait);
        }

        /** A try begins. */
        void tried() {
            reached = 0;
        }

        /** One more step of this try is done: whatever failed before works again. */
        void advanced() {
            reached++;
            isFailing = false;
            if (reached > furthest) {
                furthest = reached;
                triesWithoutGain = 0;
                backOff.reset();
            }
        }

        /** The try has failed. Returns whether this is the first failure since a step was done. */
        boolean failed() {
            triesWithoutGain++;
            boolean isFirst = !isFailing;
            if (isFirst) {
                isFailing = true;
                failingSince = rule.nanoTime.getAsLong();
            }
            return isFirst;
        }

        /** Whether it has failed for so long, or so often, that it is not tried again. */
        boolean isOver() {
            return rule.nanoTime.getAsLong() - failingSince > rule.longestOutage.toNanos()
                    || triesWithoutGain >= rule.mostTries;
        }

        /** How long to wait before the next try. */
        Duration pause() {
            return backOff.next();
        }
    }
}
