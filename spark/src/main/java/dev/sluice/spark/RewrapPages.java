package dev.sluice.spark;

import dev.sluice.recovery.rewrap.PageCounts;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * A task of Spark: rewrites one page on an executor, in short transactions. Tried again, or run twice at once by
 * speculation, it finds less or nothing left to do.
 */
final class RewrapPages extends AbstractFunction1<Iterator<Page>, PageCounts> implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Work work;

    RewrapPages(Work work) {
        this.work = work;
    }

    @Override
    public PageCounts apply(Iterator<Page> pages) {
        return HostParts.ofExecutor(work.job).rewrite(pages.next(), work);
    }

    /**
     * What executors do.
     *
     * @param id of this rewrap
     * @param columns to be rewrapped, by name
     * @param keys the keys with which the driver reads them, without which an executor would leave values as they are
     * @param rowsPerSecond of each executor; 0 for no limit
     */
    record Work(Job job, UUID id, List<String> columns, List<String> keys, long rowsPerSecond) implements Serializable {

        Work {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
        }
    }
}
