package dev.sluice.config;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A password that AWS keeps: fetched when it is first used, and again when the database refuses it. Thread-safe; one thread
 * fetches, others wait for it.
 */
final class FetchedPassword implements DatabasePassword {

    /** Each call is paid, and every connection of the pool may be refused at once. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

    private final Supplier<String> fetch;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String password;
    private Instant renewedAt = Instant.EPOCH;

    /** @param fetch asks AWS; never returns an empty text */
    FetchedPassword(Supplier<String> fetch, InstantSource clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The same, with what has just been fetched. */
    FetchedPassword knowing(String fetched) {
        password = fetched;
        return this;
    }

    @Override
    public String current() {
        lock.lock();
        try {
            String known = password;
            return known == null ? fetched() : known;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean renew(String refused) {
        lock.lock();
        try {
            if (!refused.equals(password)) {
                return true; // another thread has renewed it
            }
            if (clock.instant().isBefore(renewedAt.plus(BETWEEN_FETCHES))) {
                return false;
            }
            renewedAt = clock.instant();
            return !refused.equals(fetched());
        } finally {
            lock.unlock();
        }
    }

    private String fetched() {
        String fresh = fetch.get();
        password = fresh;
        return fresh;
    }
}
