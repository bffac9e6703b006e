package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.ProgressListener;
import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.recovery.rewrap.RewrapReport.Remaining;
import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Passes over a table until one finds nothing left to replace: a row may be locked when its page comes, or be written
 * after it. Used once, by one thread.
 */
public final class Passes {

    /** For counting, which writes nothing. */
    private static final int COUNTED_BLOCKS = 1024;

    /** The operator who stopped the rewrap is waiting. */
    private static final Duration COUNTING = Duration.ofSeconds(10);

    /** After this many passes, rows that were locked or written late are done, unless somebody keeps writing. */
    private static final int USUAL_PASSES = 4;

    /** The longest pause between two passes if somebody keeps writing; it grows by a second per pass. */
    private static final int LONGEST_PAUSE_SECONDS = 30;

    private final Database database;
    private final PipelineSpec spec;
    private final List<Replacement> replacements;
    private final PageRunner runner;
    private final ShutdownSignal stop;
    private final ProgressListener listener;
    private final RateLimiter limiter;

    private Map<Long, Long> reached = Map.of();
    private long rows;
    private long originals;
    private int passes;
    private List<Unchanged> unchanged = List.of();

    /** Passes on the threads of this process. */
    public Passes(
            Database database,
            PipelineSpec spec,
            List<Replacement> replacements,
            WorkerPool pool,
            RateLimiter limiter) {
        this(
                database,
                spec,
                replacements,
                new LocalPages(database, replacements, pool, limiter),
                pool.stop(),
                pool.listener(),
                limiter);
    }

    /** @param limiter of the originals; the runner has its own for rows */
    Passes(
            Database database,
            PipelineSpec spec,
            List<Replacement> replacements,
            PageRunner runner,
            ShutdownSignal stop,
            ProgressListener listener,
            RateLimiter limiter) {
        this.database = database;
        this.spec = spec;
        this.replacements = List.copyOf(replacements);
        this.runner = runner;
        this.stop = stop;
        this.listener = listener;
        this.limiter = limiter;
    }

    /** Blocks until nothing is left to replace in the table, or until stopped. */
    public RewrapReport run() {
        return run(null, null);
    }

    /**
     * Blocks until nothing is left to replace, or until stopped.
     *
     * @param checkpoint where the first pass keeps its progress; null to keep none
     * @param quarantine the originals to seal again; null for none
     */
    RewrapReport run(@Nullable Checkpoint checkpoint, @Nullable OriginalsRewrap quarantine) {
        boolean isComplete = false;
        while (!isComplete && !stop.isRequested()) {
            Map<Long, Long> resumed = passes == 0 && checkpoint != null ? checkpoint.load() : Map.of();
            PassCounters table = passTable(resumed, passes == 0 ? checkpoint : null);
            PassCounters sealed = quarantine == null ? new PassCounters() : passQuarantine(quarantine);
            passes++;
            rows += table.replaced();
            originals += sealed.replaced();
            unchanged = Stream.concat(table.unchanged().stream(), sealed.unchanged().stream())
                    .toList();
            isComplete = resumed.isEmpty() && table.found() == 0 && sealed.found() == 0 && !stop.isRequested();
            if (!isComplete && passes >= USUAL_PASSES && !stop.isRequested()) {
                pause(table.replaced() > 0);
            }
        }
        if (isComplete && checkpoint != null) {
            checkpoint.clear();
        }
        return new RewrapReport(rows, originals, passes, unchanged, isComplete ? null : remaining());
    }

    private PassCounters passTable(Map<Long, Long> resumed, @Nullable Checkpoint checkpoint) {
        PassCounters counters = new PassCounters();
        PageCursor pages = new PageCursor(Partition.of(database, spec.sink()), resumed, runner.pageBlocks());
        runner.run(pages, counters::add, () -> {
            if (checkpoint != null) {
                checkpoint.save(pages.marks());
            }
        });
        reached = pages.marks();
        return counters;
    }

    private PassCounters passQuarantine(OriginalsRewrap quarantine) {
        PassCounters counters = new PassCounters();
        long before = 0;
        Long last = 0L;
        while (last != null && !stop.isRequested()) {
            last = quarantine.run(last, counters);
            stop.await(limiter.delayAfter(counters.replaced() - before));
            before = counters.replaced();
        }
        return counters;
    }

    private void pause(boolean areNewRows) {
        if (passes == USUAL_PASSES) {
            listener.noted("after " + passes + " passes, "
                    + (areNewRows
                            ? "there are new rows that are not under the primary key: a worker still writes"
                                    + " with another key, reload or restart it; continuing slowly"
                            : "some rows are still locked by others; continuing slowly"));
        }
        stop.await(Duration.ofSeconds(Math.min(passes - USUAL_PASSES + 1, LONGEST_PAUSE_SECONDS)));
    }

    /** What is left after the point at which the last pass was stopped. */
    private Remaining remaining() {
        PageCursor pages = new PageCursor(Partition.of(database, spec.sink()), reached, COUNTED_BLOCKS);
        long end = System.nanoTime() + COUNTING.toNanos();
        long count = 0;
        for (Page page = pages.next(); page != null; page = pages.next()) {
            count += count(page);
            if (System.nanoTime() > end) {
                return new Remaining(count, false);
            }
        }
        return new Remaining(count, true);
    }

    private long count(Page page) {
        String sql = "SELECT count(*)" + PageRewrite.from(page.partition(), replacements);
        return database.transact("count rows of table " + page.partition().name(), connection -> Query.of(
                        connection, sql, page.fromTid(), page.toTid())
                .number());
    }
}
