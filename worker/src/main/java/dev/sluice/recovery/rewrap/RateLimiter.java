package dev.sluice.recovery.rewrap;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the rows of all threads together below a rate: each tells what it has written, and waits as long as it is told.
 * What was not used is not saved up. Thread-safe.
 */
final class RateLimiter {

    private static final long NANOS = 1_000_000_000;

    private final long rowsPerSecond;
    private final LongSupplier nanoTime;
    private long freeAt;

    /** @param rowsPerSecond 0 for no bound */
    RateLimiter(long rowsPerSecond) {
        this(rowsPerSecond, System::nanoTime);
    }

    RateLimiter(long rowsPerSecond, LongSupplier nanoTime) {
        this.rowsPerSecond = rowsPerSecond;
        this.nanoTime = nanoTime;
        this.freeAt = nanoTime.getAsLong();
    }

    /** How long to wait before anything else is written. */
    synchronized Duration wrote(long rows) {
        if (rowsPerSecond == 0 || rows == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        long idle = Math.max(now - freeAt, 0); // the clock may overflow, differences do not
        freeAt += idle + Math.multiplyExact(rows, NANOS) / rowsPerSecond;
        return Duration.ofNanos(freeAt - now);
    }
}
