package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.WorkerPool;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the blocks of a table's partitions in pages, each once, and knows up to which block all pages are finished.
 * Pages do not cross partitions. Thread-safe.
 */
public final class PageCursor {

    private final List<Partition> partitions;
    private final int pageBlocks;
    private final Map<Long, Long> next = new HashMap<>();
    private final Map<Long, TreeSet<Long>> unfinished = new HashMap<>();
    private final long total;
    private int current;
    private long done;

    /**
     * @param marks the first block by partition id; partitions without a mark start at block 0
     * @param pageBlocks blocks per page, at least 1
     */
    public PageCursor(List<Partition> partitions, Map<Long, Long> marks, int pageBlocks) {
        this.partitions = List.copyOf(partitions);
        this.pageBlocks = pageBlocks;
        long blocks = 0;
        for (Partition partition : partitions) {
            long first = Math.min(marks.getOrDefault(partition.id(), 0L), partition.blocks());
            next.put(partition.id(), first);
            unfinished.put(partition.id(), new TreeSet<>());
            blocks += partition.blocks() - first;
        }
        this.total = blocks;
    }

    /**
     * Gives every page to {@code work}, on the pool's threads, and reports finished blocks as progress. Blocks as {@link
     * WorkerPool#run} does.
     *
     * @param work returns when the page's transaction is committed
     */
    public void forEach(WorkerPool pool, Consumer<Page> work) {
        forEach(pool, work, () -> {});
    }

    /** @param tick called by the calling thread now and then, and at the end */
    void forEach(WorkerPool pool, Consumer<Page> work, Runnable tick) {
        pool.run("blocks", total, () -> isNextDone(work), () -> {
            tick.run();
            return done();
        });
    }

    private boolean isNextDone(Consumer<Page> work) {
        Page page = next();
        if (page == null) {
            return false;
        }
        work.accept(page);
        finish(page);
        return true;
    }

    /** The next page; null if there is none. */
    public synchronized @Nullable Page next() {
        for (; current < partitions.size(); current++) {
            Partition partition = partitions.get(current);
            long from = next.getOrDefault(partition.id(), 0L);
            if (from < partition.blocks()) {
                long to = Math.min(from + pageBlocks, partition.blocks());
                next.put(partition.id(), to);
                unfinished.getOrDefault(partition.id(), new TreeSet<>()).add(from);
                return new Page(partition, from, to);
            }
        }
        return null;
    }

    /** How many blocks there are to do. */
    public long total() {
        return total;
    }

    /** Called when a page's transaction is committed. */
    public synchronized void finish(Page page) {
        unfinished.getOrDefault(page.partition.id(), new TreeSet<>()).remove(page.from);
        done += page.to - page.from;
    }

    /** By partition id, the block before which all are finished. */
    synchronized Map<Long, Long> marks() {
        Map<Long, Long> marks = new HashMap<>(next);
        unfinished.forEach((id, pages) -> {
            if (!pages.isEmpty()) {
                marks.put(id, pages.first());
            }
        });
        return marks;
    }

    /** How many blocks are finished. */
    public synchronized long done() {
        return done;
    }

    /**
     * Some blocks of a partition, processed in one transaction.
     *
     * @param from the first block
     * @param to the block after the last
     */
    public record Page(Partition partition, long from, long to) implements Serializable {

        /** The lowest tuple id of the page, as PostgreSQL's {@code tid}. */
        public String fromTid() {
            return "(" + from + ",0)";
        }

        /** The lowest tuple id after the page. */
        public String toTid() {
            return "(" + to + ",0)";
        }
    }
}
