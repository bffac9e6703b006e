package dev.sluice.pipeline;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Source.Received;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * The receives under way, over all consumers. At shutdown messages return to the queue only when none is under way, since
 * another consumer's long poll would receive them at once, and waste a receive. Thread-safe.
 */
final class OpenReceives {

    private final ShutdownSignal shutdown;
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    OpenReceives(ShutdownSignal shutdown) {
        this.shutdown = shutdown;
    }

    /** Runs a receive; once a shutdown is requested, returns nothing instead. */
    Received run(Supplier<Received> receive) {
        lock.readLock().lock();
        try {
            return shutdown.isRequested() ? Received.NONE : receive.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns messages to the queue: at once, or at shutdown after the last receive, which takes up to a long poll's 20 s. */
    void returnToQueue(Runnable makeVisible) {
        if (!shutdown.isRequested()) {
            makeVisible.run();
            return;
        }
        lock.writeLock().lock();
        try {
            makeVisible.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
