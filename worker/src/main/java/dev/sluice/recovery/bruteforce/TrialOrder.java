package dev.sluice.recovery.bruteforce;

/**
 * The order in which the positions of a candidate space are tried, each once: by a fixed stride, round and round.
 *
 * @param size how many positions there are, up to 2^32
 * @param first the one of step 0, below {@code size}
 * @param stride from one step to the next, at most {@code size}, without a divisor in common with it
 */
record TrialOrder(long size, long first, long stride) {

    /** From 0 up. */
    static TrialOrder ascending(long size) {
        return new TrialOrder(size, 0, 1);
    }

    /**
     * Spread evenly over the space from the start, so that a part of it is a fair sample: strides of about the golden
     * section.
     *
     * @param size of powers of two and five only, as those of all spaces are
     * @param first where to begin, below {@code size}
     */
    static TrialOrder spread(long size, long first) {
        long stride = (long) (size * 0.381_966) | 1;
        while (size % 5 == 0 && stride % 5 == 0) {
            stride += 2;
        }
        return new TrialOrder(size, first, stride);
    }

    /** @param step from 0, below {@code size} */
    long position(long step) {
        return (step * stride + first) % size;
    }

    /** The position of the step after that of a position, without a division. */
    long next(long position) {
        long next = position + stride;
        return next < size ? next : next - size;
    }
}
