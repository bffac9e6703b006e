package dev.sluice.metrics;

import dev.sluice.metrics.Status.Quantiles;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in buckets whose bounds grow by 8 %, so that a quantile is right to 4 %, from 10 microseconds to 17 days:
 * SQS keeps a message for 14. Counts only grow; the difference of two counts is what happened between them. Thread-safe.
 */
final class Distribution {

    private static final double FIRST_BOUND_NANOS = 10_000;
    private static final double GROWTH = 1.08;
    private static final double LOG_GROWTH = Math.log(GROWTH);
    private static final int BUCKETS = 335;
    private static final double NANOS_PER_SECOND = 1e9;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void add(long nanos) {
        counts.getAndIncrement(bucket(nanos));
    }

    private static int bucket(long nanos) {
        return nanos <= FIRST_BOUND_NANOS
                ? 0
                : Math.min(BUCKETS - 1, 1 + (int) (Math.log(nanos / FIRST_BOUND_NANOS) / LOG_GROWTH));
    }

    /** The counts so far. */
    Counts counts() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
        }
        return new Counts(copy);
    }

    /** The counts at one time. Immutable. */
    static final class Counts {

        /** Before anything was counted. */
        static final Counts NONE = new Counts(new long[BUCKETS]);

        private final long[] buckets;

        private Counts(long[] buckets) {
            this.buckets = buckets;
        }

        /** The quantiles of what was counted since the earlier counts of the same distribution. */
        Quantiles since(Counts earlier) {
            long[] counted = new long[BUCKETS];
            long total = 0;
            for (int i = 0; i < BUCKETS; i++) {
                counted[i] = buckets[i] - earlier.buckets[i];
                total += counted[i];
            }
            return new Quantiles(quantile(counted, total, 0.5), quantile(counted, total, 0.99));
        }
    }

    private static @Nullable Double quantile(long[] counted, long total, double share) {
        long rank = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS && total > 0; i++) {
            seen += counted[i];
            if (seen >= rank) {
                return middleSeconds(i);
            }
        }
        return null;
    }

    private static double middleSeconds(int bucket) {
        return FIRST_BOUND_NANOS * Math.pow(GROWTH, bucket - 0.5) / NANOS_PER_SECOND;
    }
}
