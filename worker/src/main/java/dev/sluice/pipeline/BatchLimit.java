package dev.sluice.pipeline;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How many batches are in flight. On a dry queue one receives, which waits for messages, while one is stored; on a busy one
 * as many as it takes that a writer never waits for a batch, so that receiving, storing and deleting overlap, whatever a call
 * takes. Increases by one when a batch finds a free writer, decreases by one when it finds others waiting for theirs
 * (additive increase; the line before the writers is the sign of congestion), and starts again when the queue is dry or
 * fails. Shared by all consumers; thread-safe.
 */
public final class BatchLimit {

    /**
     * With 50 ms per call a batch of 1,000 takes some 200 ms from receive to delete: 16 of them are 80,000 messages a second.
     * The limit of SQS is 120,000 messages in flight (quotas, standard queues).
     */
    private static final int MOST = 16;

    /**
     * Bodies received and not yet settled take at most this part of the heap, since each is held about three times while it
     * is received.
     */
    private static final int SHARE = 16;

    /** One that receives and one that stores. */
    private static final int LEAST = 2;

    private final int most;
    private final int least;
    private final long mostBytes;
    private final Semaphore writers;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();

    /** All below are guarded by the lock. */
    private int limit;

    private int inFlight;
    private boolean busy;
    private boolean someoneWaits;

    /**
     * The limit of a worker.
     *
     * @param writers how many batches are stored at the same time
     */
    public static BatchLimit of(int writers) {
        return new BatchLimit(
                Math.max(MOST, 2 * writers), writers, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /**
     * @param most how many batches may be in flight, whatever the load
     * @param mostBytes how many bytes of bodies they may hold; two always may
     */
    BatchLimit(int most, int writers, long mostBytes) {
        this.most = most;
        this.least = Math.min(LEAST, most);
        this.limit = least;
        this.mostBytes = mostBytes;
        this.writers = new Semaphore(writers, true);
    }

    int most() {
        return most;
    }

    /** Blocks until one more batch may be in flight. While the queue is dry, one consumer at a time receives. */
    Turn enter() {
        lock.lock();
        try {
            while (inFlight >= limit || someoneWaits) {
                changed.awaitUninterruptibly();
            }
            inFlight++;
            someoneWaits = !busy;
            return new Turn(someoneWaits);
        } finally {
            lock.unlock();
        }
    }

    /** One batch, from before it is received until it is settled or has failed. Used by one consumer. */
    final class Turn implements AutoCloseable {

        private final boolean mayWait;
        private boolean receiving = true;

        private Turn(boolean mayWait) {
            this.mayWait = mayWait;
        }

        /** Whether to wait for a first message; false on a busy queue, where others receive too. */
        boolean mayWait() {
            return mayWait;
        }

        /**
         * Called when messages are received: others may receive too. Not called if none came.
         *
         * @param more whether the queue has more
         * @param bytes of their bodies
         */
        void received(boolean more, long bytes) {
            receiving = false;
            change(() -> {
                busy = more;
                someoneWaits &= !mayWait;
                limit = more ? Math.clamp(mostBytes / Math.max(1, bytes), least, limit) : least;
            });
        }

        /** Blocks until no other batch is in flight; none begins meanwhile. For a turn that received nothing. */
        void awaitOthers() {
            lock.lock();
            try {
                while (inFlight > 1) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            if (receiving) {
                received(false, 0);
            }
            change(() -> inFlight--);
        }
    }

    /** Stores a batch, as soon as a writer is free. */
    <T> T write(Supplier<T> store) {
        boolean idle = writers.tryAcquire();
        adjust(idle ? 1 : writers.hasQueuedThreads() ? -1 : 0);
        if (!idle) {
            writers.acquireUninterruptibly();
        }
        try {
            return store.get();
        } finally {
            writers.release();
        }
    }

    /** How many batches may be in flight now. */
    int allowed() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    /** How many batches wait for a writer. */
    int waitingForWriter() {
        return writers.getQueueLength();
    }

    private void adjust(int by) {
        change(() -> limit = busy ? Math.clamp(limit + by, least, most) : limit);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
