package dev.sluice.recovery.bruteforce;

import dev.sluice.bulk.WorkerPool;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Hashes every text of a candidate space once, and marks in an index those that are wanted. Used once; its threads take
 * slices in turn.
 */
final class BruteForceSearch {

    /** A few milliseconds of work. */
    private static final int SLICE = 1 << 14;

    private final CandidateSpace space;
    private final HashAlgorithm algorithm;
    private final HashIndex index;
    private final TrialOrder order;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong tried = new AtomicLong();
    private final ThreadLocal<Lane> lanes = ThreadLocal.withInitial(Lane::new);

    /** @param order of the space's size */
    BruteForceSearch(CandidateSpace space, HashAlgorithm algorithm, HashIndex index, TrialOrder order) {
        this.space = space;
        this.algorithm = algorithm;
        this.index = index;
        this.order = order;
    }

    /**
     * Blocks until every text was tried, every hash is found, or an end is requested.
     *
     * @param unit what is counted, for the listener
     * @param isOver checked between two slices
     * @return how many texts were tried
     */
    long run(WorkerPool pool, String unit, BooleanSupplier isOver) {
        pool.run(unit, space.size(), () -> isNextTried(isOver), tried::get);
        return tried.get();
    }

    private boolean isNextTried(BooleanSupplier isOver) {
        long from = next.getAndAdd(SLICE);
        if (from >= space.size() || index.found() == index.size() || isOver.getAsBoolean()) {
            return false;
        }
        long to = Math.min(from + SLICE, space.size());
        lanes.get().tryAll(from, to);
        tried.addAndGet(to - from);
        return true;
    }

    /**
     * What one thread needs, 24 KiB. It hashes a batch, then looks the hashes up: a look-up of its own for each hash would
     * wait for memory that the hashing could have used the time for.
     */
    private final class Lane {

        /** Small enough for the first cache, large enough that hardly a read of memory is waited for alone. */
        private static final int BATCH = 1 << 10;

        private final MessageDigest digest = algorithm.digest();
        private final byte[] text = new byte[CandidateSpace.ROOM];
        private final byte[] hash = new byte[algorithm.bytes()];
        private final long[] keys = new long[BATCH];
        private final long[] read = new long[BATCH];
        private final int[] selected = new int[BATCH];

        void tryAll(long from, long to) {
            for (long step = from; step < to; step += BATCH) {
                int count = (int) Math.min(BATCH, to - step);
                hash(order.position(step), count);
                int found = index.filter().select(keys, count, read, selected);
                for (int i = 0; i < found; i++) {
                    index.mark(keys[selected[i]], order.position(step + selected[i]));
                }
            }
        }

        private void hash(long first, int count) {
            long position = first;
            try {
                for (int i = 0; i < count; i++) {
                    digest.update(text, 0, space.write(position, text));
                    digest.digest(hash, 0, hash.length);
                    keys[i] = HashIndex.key(hash);
                    position = order.next(position);
                }
            } catch (DigestException impossible) {
                throw new IllegalStateException("the buffer has the digest's length");
            }
        }
    }
}
