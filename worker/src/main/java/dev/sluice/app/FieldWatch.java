package dev.sluice.app;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.FieldCountTable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports renamed fields while a worker runs: every hour, and once at the end, it logs what it suspects and records the
 * counts for {@code sluice doctor}. On a thread of its own; no batch waits for it or fails because of it. Thread-safe.
 */
final class FieldWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FieldWatch.class);

    /** A report in progress ends within that time unless the database hangs. */
    private static final Duration LAST_REPORT = Duration.ofSeconds(5);

    /** A rename is noticed the same day, and the log does not fill with it. */
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final DatabaseSettings database;
    private final PipelineSpec spec;
    private final Supplier<FieldCounts> counts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private FieldCounts recorded = FieldCounts.NONE;
    private String lastReport = "";

    /** @param counts since the start */
    FieldWatch(DatabaseSettings database, PipelineSpec spec, Supplier<FieldCounts> counts) {
        this.database = database;
        this.spec = spec;
        this.counts = counts;
        this.thread = Thread.ofVirtual().name("fields").start(this::watch);
    }

    private void watch() {
        try {
            while (!closing.await(INTERVAL.toMinutes(), TimeUnit.MINUTES)) {
                report();
            }
        } catch (InterruptedException closed) {
            // the worker ends
        }
    }

    /** Logs what is new, and records what was counted since the last time. Never throws. */
    synchronized void report() {
        FieldCounts now = counts.get();
        if (now.records() > recorded.records()) {
            log(new FieldReport(now, FieldCounts.NONE));
            record(now);
        }
    }

    private void log(FieldReport report) {
        List<String> suspicions = report.suspicions();
        String text = String.join("; ", suspicions) + report.unread().orElse("");
        if (!text.equals(lastReport)) {
            lastReport = text;
            suspicions.forEach(suspicion -> LOG.warn("Fields: {}", suspicion));
            report.unread().ifPresent(LOG::info);
        }
    }

    /** What cannot be recorded now is recorded with the next counts. */
    private void record(FieldCounts now) {
        try {
            FieldCountTable.add(database, spec, now.since(recorded));
            recorded = now;
        } catch (InfrastructureException failure) {
            LOG.warn("The counts of fields are recorded later: {}", failure.getMessage());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(LAST_REPORT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
