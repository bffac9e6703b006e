package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.postgres.db.Database;
import java.util.List;
import java.util.function.Consumer;

/** Rewrites pages on the threads of this process, each page in one transaction. */
final class LocalPages implements PageRunner {

    /** A short transaction: a few thousand rows at most. */
    private static final int PAGE_BLOCKS = 32;

    /** Short rows per block, roughly: a page should not take more than a second at the rate limit. */
    private static final long ROWS_PER_BLOCK = 64;

    private final Database database;
    private final List<Replacement> replacements;
    private final WorkerPool pool;
    private final RateLimiter limiter;

    LocalPages(Database database, List<Replacement> replacements, WorkerPool pool, RateLimiter limiter) {
        this.database = database;
        this.replacements = List.copyOf(replacements);
        this.pool = pool;
        this.limiter = limiter;
    }

    @Override
    public int pageBlocks() {
        return pageBlocks(limiter);
    }

    /** How many blocks one transaction rewrites. */
    static int pageBlocks(RateLimiter limiter) {
        long perSecond = limiter.rowsPerSecond() == 0 ? Long.MAX_VALUE : limiter.rowsPerSecond();
        return (int) Math.max(1, Math.min(perSecond / ROWS_PER_BLOCK, PAGE_BLOCKS));
    }

    @Override
    public void run(PageCursor pages, Consumer<PageCounts> counts, Runnable tick) {
        PassCounters counters = new PassCounters();
        PageRewrite rewrite = new PageRewrite(database, replacements, counters);
        ShutdownSignal stop = pool.stop();
        pages.forEach(pool, page -> stop.await(limiter.delayAfter(rewrite.run(page))), tick);
        counts.accept(counters.counts());
    }
}
