package dev.sluice.health;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the database in the background and remembers the result, so that neither many probes nor a database that hangs
 * matter to anyone. Thread-safe.
 */
final class DatabaseCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);

    /** The usual period of a probe (Kubernetes, periodSeconds). */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** A check waits for a connection (8 s) and a statement (30 s); a result that is older says that it hangs. */
    static final Duration OLDEST = INTERVAL.plusSeconds(40);

    private final Runnable check;
    private final InstantSource clock;
    private final ShutdownSignal closed = new ShutdownSignal();
    private volatile @Nullable Result last;

    /** @param check throws what is wrong */
    DatabaseCheck(Runnable check, InstantSource clock) {
        this.check = check;
        this.clock = clock;
    }

    private record Result(Instant at, boolean isGood, String text) {}

    void begin() {
        Thread.ofVirtual().name("database-check").start(() -> {
            do {
                look();
            } while (!closed.await(INTERVAL));
        });
    }

    @SuppressWarnings("IllegalCatch") // a defect in it must not end the check, and be taken for health
    void look() {
        try {
            check.run();
            last = new Result(clock.instant(), true, "answers, its schema is current");
        } catch (InfrastructureException failure) {
            last = new Result(clock.instant(), false, failure.getMessage());
        } catch (RuntimeException defect) {
            LOG.error(
                    "The check of the database failed with {}; this is a defect.",
                    defect.getClass().getSimpleName());
            last = new Result(clock.instant(), false, "the check itself failed; the log says more");
        }
    }

    Check result() {
        Result result = last;
        if (result == null) {
            return new Check("database", false, "not checked yet");
        }
        Duration age = Duration.between(result.at, clock.instant());
        boolean isCurrent = age.compareTo(OLDEST) <= 0;
        return new Check(
                "database",
                result.isGood && isCurrent,
                (isCurrent ? result.text : "the check hangs") + " (checked " + age.toSeconds() + " s ago)");
    }

    /** A check under way ends by itself. */
    @Override
    public void close() {
        closed.request();
    }
}
