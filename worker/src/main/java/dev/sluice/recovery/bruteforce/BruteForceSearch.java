package dev.sluice.recovery.bruteforce;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.recovery.rewrap.WorkerPool;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Hashes the texts of a space, each once, and marks in an index those that are looked for. Used once; its threads take
 * slices in turn.
 */
final class BruteForceSearch {

    /** Some milliseconds' worth. */
    private static final int SLICE = 1 << 14;

    private final CandidateSpace space;
    private final HashAlgorithm algorithm;
    private final HashIndex index;
    private final Order order;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong tried = new AtomicLong();
    private final ThreadLocal<MessageDigest> digests;

    BruteForceSearch(CandidateSpace space, HashAlgorithm algorithm, HashIndex index, Order order) {
        this.space = space;
        this.algorithm = algorithm;
        this.index = index;
        this.order = order;
        this.digests = ThreadLocal.withInitial(algorithm::digest);
    }

    /**
     * Blocks until every text was tried, all are found, or an end is wished.
     *
     * @param ends asked between two slices
     * @param progress told now and then how many were tried
     * @return how many were tried
     */
    long run(int threads, ShutdownSignal stop, BooleanSupplier ends, LongConsumer progress) {
        new WorkerPool(threads, stop).run(() -> slice(ends), () -> progress.accept(tried.get()));
        return tried.get();
    }

    private boolean slice(BooleanSupplier ends) {
        long from = next.getAndAdd(SLICE);
        if (from >= space.size() || index.found() == index.size() || ends.getAsBoolean()) {
            return false;
        }
        long to = Math.min(from + SLICE, space.size());
        tryAll(from, to);
        tried.addAndGet(to - from);
        return true;
    }

    private void tryAll(long from, long to) {
        MessageDigest digest = digests.get();
        byte[] text = new byte[CandidateSpace.MAX_LENGTH];
        byte[] hash = new byte[algorithm.bytes()];
        try {
            for (long step = from; step < to; step++) {
                long position = order.position(step);
                digest.update(text, 0, space.write(position, text));
                digest.digest(hash, 0, hash.length);
                index.tried(HashIndex.key(hash), position);
            }
        } catch (DigestException impossible) {
            throw new IllegalStateException("a hash is longer than it is");
        }
    }

    /** In which order positions are tried: each once. */
    @FunctionalInterface
    interface Order {

        /** @param step from 0, below the space's size */
        long position(long step);

        /** As they are. */
        static Order ascending() {
            return step -> step;
        }

        /**
         * Spread evenly over the space from the first on, so that a part of it is a fair sample: steps of about the golden
         * section, without a divisor in common with the size.
         *
         * @param offset where to begin, below the size
         */
        static Order spread(long size, long offset) {
            long stride = (long) (size * 0.381_966) | 1;
            while (size % 5 == 0 && stride % 5 == 0) {
                stride += 2;
            }
            long step = stride;
            return at -> (at * step + offset) % size;
        }
    }
}
