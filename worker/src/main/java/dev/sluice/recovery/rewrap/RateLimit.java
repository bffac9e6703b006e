package dev.sluice.recovery.rewrap;

/**
 * How fast rows are written.
 *
 * @param rowsPerSecond over all threads together; 0 for as fast as it goes
 * @param threads pages in hand at the same time, at least 1
 */
public record RateLimit(long rowsPerSecond, int threads) {

    /** Refuses what is no pace. */
    public RateLimit {
        if (rowsPerSecond < 0 || threads < 1) {
            throw new IllegalArgumentException("a pace is 0 or more rows a second, in 1 or more threads");
        }
    }
}
