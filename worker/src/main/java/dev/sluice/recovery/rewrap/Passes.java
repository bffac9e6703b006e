package dev.sluice.recovery.rewrap;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.rewrap.RewrapReport.Remaining;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Goes over a table until a whole look finds nothing that can be replaced: rows may be locked when their page comes, and
 * others may be written behind it. Made for one run, by one thread.
 */
public final class Passes {

    /** A short transaction: some thousand rows at the most. */
    private static final int PAGE_BLOCKS = 32;

    /** What a page of blocks holds of short rows, about: a page is to be no more than a second's worth. */
    private static final long ROWS_PER_BLOCK = 64;

    /** For counting, which writes nothing. */
    private static final int COUNTED_BLOCKS = 1024;

    /** Who asked for an end waits for it. */
    private static final Duration COUNTING = Duration.ofSeconds(10);

    /** Rows that were locked, or written behind a page, are done by then, unless somebody goes on. */
    private static final int USUAL_PASSES = 4;

    /** Between two passes over rows of somebody who goes on: a second more each time. */
    private static final int LONGEST_REST_SECONDS = 30;

    private final Database database;
    private final PipelineSpec spec;
    private final List<Replacement> replacements;
    private final RateLimit pace;
    private final ShutdownSignal stop;
    private final ProgressListener watcher;
    private final RateLimiter throttle;

    private @Nullable PageCursor frontier;
    private long rows;
    private long originals;
    private int passes;
    private List<RewrapReport.Left> left = List.of();
    private boolean told;

    public Passes(
            Database database,
            PipelineSpec spec,
            List<Replacement> replacements,
            RateLimit pace,
            ShutdownSignal stop,
            ProgressListener watcher) {
        this.database = database;
        this.spec = spec;
        this.replacements = List.copyOf(replacements);
        this.pace = pace;
        this.stop = stop;
        this.watcher = watcher;
        this.throttle = new RateLimiter(pace.rowsPerSecond());
    }

    /**
     * Blocks until done or stopped.
     *
     * @param checkpoint where the first pass keeps its progress; null for nowhere
     * @param sealed what is sealed anew besides; null for nothing
     */
    public RewrapReport run(@Nullable Checkpoint checkpoint, @Nullable OriginalsRewrap sealed) {
        boolean clean = false;
        while (!clean && !stop.isRequested()) {
            Map<Long, Long> begun = passes == 0 && checkpoint != null ? checkpoint.load() : Map.of();
            PassCounters tally = pass(begun, passes == 0 ? checkpoint : null);
            PassCounters ofOriginals = sealed == null ? new PassCounters() : originals(sealed);
            passes++;
            rows += tally.replaced();
            originals += ofOriginals.replaced();
            left = Stream.concat(tally.left().stream(), ofOriginals.left().stream())
                    .toList();
            clean = begun.isEmpty() && tally.found() == 0 && ofOriginals.found() == 0 && !stop.isRequested();
            if (!clean) {
                restIfItGoesOn(tally);
            }
        }
        if (clean && checkpoint != null) {
            checkpoint.clear();
        }
        return new RewrapReport(rows, originals, passes, left, clean ? null : remaining());
    }

    private PassCounters pass(Map<Long, Long> begun, @Nullable Checkpoint checkpoint) {
        PassCounters tally = new PassCounters();
        PageRewrite rewrite = new PageRewrite(database, replacements, tally);
        PageCursor pages = new PageCursor(Partitions.of(database, spec.sink()), begun, pageBlocks());
        frontier = pages;
        watcher.began("blocks", pages.total());
        new WorkerPool(pace.threads(), stop).run(() -> page(pages, rewrite), () -> {
            watcher.reached(pages.done());
            if (checkpoint != null) {
                checkpoint.save(pages.marks());
            }
        });
        return tally;
    }

    private boolean page(PageCursor pages, PageRewrite rewrite) {
        BlockRange page = pages.next();
        if (page == null) {
            return false;
        }
        long written = rewrite.run(page);
        pages.finished(page);
        stop.await(throttle.wrote(written));
        return true;
    }

    private PassCounters originals(OriginalsRewrap sealed) {
        PassCounters tally = new PassCounters();
        long before = 0;
        Long last = 0L;
        while (last != null && !stop.isRequested()) {
            last = sealed.run(last, tally);
            stop.await(throttle.wrote(tally.replaced() - before));
            before = tally.replaced();
        }
        return tally;
    }

    private int pageBlocks() {
        long perSecond = pace.rowsPerSecond() == 0 ? Long.MAX_VALUE : pace.rowsPerSecond();
        return Math.toIntExact(Math.clamp(perSecond / ROWS_PER_BLOCK, 1, PAGE_BLOCKS));
    }

    private void restIfItGoesOn(PassCounters tally) {
        if (passes < USUAL_PASSES || stop.isRequested()) {
            return;
        }
        if (!told) {
            told = true;
            watcher.noted(
                    tally.replaced() > 0
                            ? "after " + passes
                                    + " passes there are new rows that are not under the primary key: a worker"
                                    + " still writes so, reload or restart it; going on slowly"
                            : "after " + passes + " passes some rows are still locked by others; going on slowly");
        }
        stop.await(Duration.ofSeconds(Math.min(passes - USUAL_PASSES + 1, LONGEST_REST_SECONDS)));
    }

    /** What is left from where the last pass was stopped. */
    private Remaining remaining() {
        Map<Long, Long> begun = frontier == null ? Map.of() : frontier.marks();
        PageCursor pages = new PageCursor(Partitions.of(database, spec.sink()), begun, COUNTED_BLOCKS);
        long end = System.nanoTime() + COUNTING.toNanos();
        long count = 0;
        for (BlockRange page = pages.next(); page != null; page = pages.next()) {
            count += count(page);
            if (System.nanoTime() > end) {
                return new Remaining(count, false);
            }
        }
        return new Remaining(count, true);
    }

    private long count(BlockRange page) {
        return database.transact("count rows of table " + page.leaf().name(), connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT count(*)" + PageRewrite.from(page.leaf(), replacements))) {
                PageRewrite.bind(statement, 1, page);
                ResultSet counted = statement.executeQuery();
                counted.next();
                return counted.getLong(1);
            }
        });
    }
}
