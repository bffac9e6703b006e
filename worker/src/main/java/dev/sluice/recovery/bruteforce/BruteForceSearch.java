package dev.sluice.recovery.bruteforce;

import dev.sluice.recovery.rewrap.WorkerPool;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

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
    private final LongUnaryOperator order;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong tried = new AtomicLong();
    private final ThreadLocal<MessageDigest> digests;

    /** @param order the position to try at each step, from 0 up to the space's size: each position once */
    BruteForceSearch(CandidateSpace space, HashAlgorithm algorithm, HashIndex index, LongUnaryOperator order) {
        this.space = space;
        this.algorithm = algorithm;
        this.index = index;
        this.order = order;
        this.digests = ThreadLocal.withInitial(algorithm::digest);
    }

    /**
     * An order that is spread evenly over the space from the start, so that a part of it is a fair sample: steps of about
     * the golden section, without a divisor in common with the size.
     *
     * @param offset where to begin, below {@code size}
     */
    static LongUnaryOperator spread(long size, long offset) {
        long stride = (long) (size * 0.381_966) | 1;
        while (size % 5 == 0 && stride % 5 == 0) {
            stride += 2;
        }
        long step = stride;
        return at -> (at * step + offset) % size;
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
                long position = order.applyAsLong(step);
                digest.update(text, 0, space.write(position, text));
                digest.digest(hash, 0, hash.length);
                index.mark(HashIndex.key(hash), position);
            }
        } catch (DigestException impossible) {
            throw new IllegalStateException("the buffer has the digest's length");
        }
    }
}
