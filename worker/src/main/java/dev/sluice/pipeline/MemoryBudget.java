package dev.sluice.pipeline;

import java.util.concurrent.Semaphore;

/**
 * How much of the heap mapped records may take, over all lanes. Fair: what needs much waits for its turn and then holds up
 * what comes behind it. Thread-safe.
 */
final class MemoryBudget {

    /** Of the heap. The rest is for bodies as received, what the driver and the SDK hold, and the collector. */
    private static final int SHARE = 4;

    /** A semaphore counts in ints: kibibytes reach to two tebibytes. */
    private static final int UNIT_BYTES = 1_024;

    private final int units;
    private final Semaphore free;

    MemoryBudget(long bytes) {
        this.units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /** A quarter of the largest heap that this JVM may have. */
    static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** What an amount of bytes takes of the budget: more than all of it takes all of it. */
    int units(long bytes) {
        return Math.clamp(bytes / UNIT_BYTES + 1, 1, units);
    }

    /** Blocks until that much is free. Called by a lane that holds nothing of it, so that lanes cannot wait for each other. */
    void reserve(int wanted) {
        free.acquireUninterruptibly(wanted);
    }

    /** Reserves that much if it is free now. */
    boolean tryReserve(int wanted) {
        return free.tryAcquire(wanted);
    }

    void release(int reserved) {
        free.release(reserved);
    }
}
