package dev.sluice.recovery.rewrap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the blocks of some tables in pages, each once, and knows up to where all that was handed out is done. Pages do
 * not cross tables. Thread-safe.
 */
public final class PageCursor {

    private final List<Partition> leaves;
    private final int pageBlocks;
    private final Map<Long, Long> next = new HashMap<>();
    private final Map<Long, TreeSet<Long>> inHand = new HashMap<>();
    private final long total;
    private int current;
    private long done;

    /**
     * @param begun where to begin, by a table's id; tables without an entry from their first block
     * @param pageBlocks blocks of a page, at least 1
     */
    public PageCursor(List<Partition> leaves, Map<Long, Long> begun, int pageBlocks) {
        this.leaves = List.copyOf(leaves);
        this.pageBlocks = pageBlocks;
        long blocks = 0;
        for (Partition leaf : leaves) {
            long first = Math.min(begun.getOrDefault(leaf.id(), 0L), leaf.blocks());
            next.put(leaf.id(), first);
            inHand.put(leaf.id(), new TreeSet<>());
            blocks += leaf.blocks() - first;
        }
        this.total = blocks;
    }

    /** The next page; null when there is none. */
    synchronized @Nullable public BlockRange next() {
        for (; current < leaves.size(); current++) {
            Partition leaf = leaves.get(current);
            long from = next.getOrDefault(leaf.id(), 0L);
            if (from < leaf.blocks()) {
                long to = Math.min(from + pageBlocks, leaf.blocks());
                next.put(leaf.id(), to);
                inHand.getOrDefault(leaf.id(), new TreeSet<>()).add(from);
                return new BlockRange(leaf, from, to);
            }
        }
        return null;
    }

    /** Called when a page's transaction is committed. */
    public synchronized void finished(BlockRange page) {
        inHand.getOrDefault(page.leaf().id(), new TreeSet<>()).remove(page.from());
        done += page.to() - page.from();
    }

    /** By a table's id, the block before which all are done. */
    synchronized Map<Long, Long> marks() {
        Map<Long, Long> marks = new HashMap<>(next);
        inHand.forEach((id, pages) -> {
            if (!pages.isEmpty()) {
                marks.put(id, pages.first());
            }
        });
        return marks;
    }

    /** How many blocks there were to do. */
    public long total() {
        return total;
    }

    /** How many of them are done. */
    public synchronized long done() {
        return done;
    }
}
