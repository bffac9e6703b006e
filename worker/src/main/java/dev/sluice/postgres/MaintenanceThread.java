package dev.sluice.postgres;

import dev.sluice.postgres.db.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link PartitionMaintenance} on a separate virtual thread until closed. No batch waits for it or fails because of it: a
 * row of a day without a partition goes to the DEFAULT partition, and old keys do no harm. Failures are logged and tried again.
 * Pauses use the monotonic clock. Thread-safe.
 */
final class MaintenanceThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceThread.class);

    /** Partitions are created a week ahead. Minutes after a failure: each attempt may delay writers for a second. */
    static final Pace USUAL = new Pace(Duration.ofHours(1), Duration.ofMinutes(5));

    /** A step in progress ends within that time unless the database is unavailable. */
    private static final Duration LAST_STEP = Duration.ofSeconds(5);

    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    /** How long to wait after a complete attempt, and after an incomplete one. */
    record Pace(Duration afterSuccess, Duration afterFailure) {}

    private final Database database;
    private final PartitionMaintenance maintenance;
    private final Pace pace;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Until {@link #begin}, a thread that never runs. */
    private volatile Thread thread = Thread.ofVirtual().unstarted(() -> {});

    MaintenanceThread(Database database, PartitionMaintenance maintenance, Pace pace) {
        this.database = database;
        this.maintenance = maintenance;
        this.pace = pace;
    }

    /**
     * Records for how long this worker needs keys, and starts. Tries to create partitions once before it returns, which takes
     * at most a few seconds when others hold the locks: a day whose first rows go to DEFAULT stays there, and its keys are
     * deleted one by one later. When that fails, the worker starts all the same.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link PartitionMaintenance#announce}
     */
    void begin() {
        maintenance.announce();
        List<String> undone = maintenance.makePartitions();
        thread = Thread.ofVirtual().name("maintenance").start(() -> run(undone));
    }

    private void run(List<String> undoneAtStart) {
        try {
            Duration pause = prune(undoneAtStart);
            while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS) && !database.isClosed()) {
                pause = prune(maintenance.makePartitions());
            }
        } catch (InterruptedException closed) {
            // the worker ends, and so does this thread
        }
    }

    /** The rest of an attempt; returns how long to wait for the next one. */
    private Duration prune(List<String> undoneBefore) {
        List<String> undone = new ArrayList<>(undoneBefore);
        undone.addAll(maintenance.prune(this::isOver));
        if (undone.isEmpty() || isOver()) {
            return pace.afterSuccess();
        }
        LOG.warn(
                "Maintenance is incomplete, the next attempt is in {} min; no batch waits for it. Not done: {}.",
                pace.afterFailure().toMinutes(),
                String.join("; ", undone));
        return pace.afterFailure();
    }

    private boolean isOver() {
        return closing.getCount() == 0 || database.isClosed();
    }

    /** Waits for the step in progress; gives up when the connection is dead. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(LAST_STEP)) {
                thread.interrupt();
                thread.join(AFTER_INTERRUPT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
