package dev.sluice.bulk;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Keeps the rows that all threads together write below a rate. Unused capacity is not saved up. Thread-safe. */
public final class RateLimiter {

    private static final long NANOS = 1_000_000_000;

    private final long rowsPerSecond;
    private final LongSupplier nanoTime;
    private long freeAt;

    /** @param rowsPerSecond 0 for no limit */
    public RateLimiter(long rowsPerSecond) {
        this(rowsPerSecond, System::nanoTime);
    }

    RateLimiter(long rowsPerSecond, LongSupplier nanoTime) {
        if (rowsPerSecond < 0) {
            throw new IllegalArgumentException("rows per second: 0 or more was expected");
        }
        this.rowsPerSecond = rowsPerSecond;
        this.nanoTime = nanoTime;
        this.freeAt = nanoTime.getAsLong();
    }

    /** 0 for no limit. */
    public long rowsPerSecond() {
        return rowsPerSecond;
    }

    /** How long a thread that has written {@code rows} waits before it writes again. */
    public synchronized Duration delayAfter(long rows) {
        if (rowsPerSecond == 0 || rows == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        long idle = Math.max(now - freeAt, 0); // the clock may overflow, differences do not
        freeAt += idle + Math.multiplyExact(rows, NANOS) / rowsPerSecond;
        return Duration.ofNanos(freeAt - now);
    }
}
