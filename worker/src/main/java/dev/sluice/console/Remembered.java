package dev.sluice.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read at most once in a while, however many ask for it. A failure is not remembered. Thread-safe; while one
 * caller reads, the others wait.
 */
final class Remembered<T> {

    private final Duration fresh;
    private final InstantSource clock;
    private final Supplier<T> reader;
    private @Nullable T value;
    private Instant readAt = Instant.MIN;

    /** @param fresh how long a value is given again */
    Remembered(Duration fresh, InstantSource clock, Supplier<T> reader) {
        this.fresh = fresh;
        this.clock = clock;
        this.reader = reader;
    }

    /** The value; what reading it throws is thrown. */
    synchronized T get() {
        T known = value;
        if (known == null || clock.instant().isAfter(readAt.plus(fresh))) {
            known = reader.get();
            value = known;
            readAt = clock.instant();
        }
        return known;
    }
}
