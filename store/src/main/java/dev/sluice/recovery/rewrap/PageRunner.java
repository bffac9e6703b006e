package dev.sluice.recovery.rewrap;

import java.util.function.Consumer;

/** Where the pages of a table are rewritten: on the threads of this process, or on other hosts. Used by one thread. */
public interface PageRunner {

    /** How many blocks a page has that is handed out at once, at least 1. */
    int pageBlocks();

    /**
     * Blocks until every page is rewritten, or until stopped. Takes the pages from the cursor, and tells it of each one once
     * it is committed.
     *
     * @param pages of one pass over the table
     * @param counts receives what was found and done, in any number of parts; may be called by any thread
     * @param tick called by the calling thread now and then, and at the end
     * @throws RuntimeException if a page fails; what is committed stays
     */
    void run(PageCursor pages, Consumer<PageCounts> counts, Runnable tick);
}
