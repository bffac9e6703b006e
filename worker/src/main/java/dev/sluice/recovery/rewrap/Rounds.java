package dev.sluice.recovery.rewrap;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Stop;
import dev.sluice.postgres.Database;
import dev.sluice.recovery.rewrap.Report.Remaining;
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
final class Rounds {

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
    private final Pace pace;
    private final Stop stop;
    private final Watcher watcher;
    private final Throttle throttle;

    private @Nullable Frontier frontier;
    private long rows;
    private long originals;
    private int passes;
    private List<Report.Left> left = List.of();
    private boolean told;

    Rounds(
            Database database,
            PipelineSpec spec,
            List<Replacement> replacements,
            Pace pace,
            Stop stop,
            Watcher watcher) {
        this.database = database;
        this.spec = spec;
        this.replacements = List.copyOf(replacements);
        this.pace = pace;
        this.stop = stop;
        this.watcher = watcher;
        this.throttle = new Throttle(pace.rowsPerSecond());
    }

    /**
     * Blocks until done or stopped.
     *
     * @param checkpoint where the first pass keeps its progress; null for nowhere
     * @param sealed what is sealed anew besides; null for nothing
     */
    Report run(@Nullable Checkpoint checkpoint, @Nullable Originals sealed) {
        boolean clean = false;
        while (!clean && !stop.isAsked()) {
            Map<Long, Long> begun = passes == 0 && checkpoint != null ? checkpoint.load() : Map.of();
            Tally tally = pass(begun, passes == 0 ? checkpoint : null);
            Tally ofOriginals = sealed == null ? new Tally() : originals(sealed);
            passes++;
            rows += tally.replaced();
            originals += ofOriginals.replaced();
            left = Stream.concat(tally.left().stream(), ofOriginals.left().stream())
                    .toList();
            clean = begun.isEmpty() && tally.found() == 0 && ofOriginals.found() == 0 && !stop.isAsked();
            if (!clean) {
                restIfItGoesOn(tally);
            }
        }
        if (clean && checkpoint != null) {
            checkpoint.clear();
        }
        return new Report(rows, originals, passes, left, clean ? null : remaining());
    }

    private Tally pass(Map<Long, Long> begun, @Nullable Checkpoint checkpoint) {
        Tally tally = new Tally();
        PageRewrite rewrite = new PageRewrite(database, replacements, tally);
        Frontier pages = new Frontier(Leaves.of(database, spec.sink()), begun, pageBlocks());
        frontier = pages;
        watcher.began("blocks", pages.total());
        new Crew(pace.threads(), stop).run(() -> page(pages, rewrite), () -> {
            watcher.reached(pages.done());
            if (checkpoint != null) {
                checkpoint.save(pages.marks());
            }
        });
        return tally;
    }

    private boolean page(Frontier pages, PageRewrite rewrite) {
        BlockRange page = pages.next();
        if (page == null) {
            return false;
        }
        long written = rewrite.run(page);
        pages.finished(page);
        stop.await(throttle.wrote(written));
        return true;
    }

    private Tally originals(Originals sealed) {
        Tally tally = new Tally();
        long before = 0;
        Long last = 0L;
        while (last != null && !stop.isAsked()) {
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

    private void restIfItGoesOn(Tally tally) {
        if (passes < USUAL_PASSES || stop.isAsked()) {
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
        Frontier pages = new Frontier(Leaves.of(database, spec.sink()), begun, COUNTED_BLOCKS);
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
