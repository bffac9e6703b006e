package dev.sluice.pipeline;

import dev.sluice.failure.ShutdownSignal;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * The receives under way, over all lanes of a run. A run that ends gives messages back only when none is open any more,
 * since another lane's long poll would take them at once, and cost them a receive for nothing. Thread-safe.
 */
final class OpenReceives {

    private final ShutdownSignal stop;
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    OpenReceives(ShutdownSignal stop) {
        this.stop = stop;
    }

    /** Runs a receive; none begins, and nothing comes, once a stop was asked for. */
    List<Message> run(Supplier<List<Message>> receive) {
        lock.readLock().lock();
        try {
            return stop.isRequested() ? List.of() : receive.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Gives messages back: at once while the run goes on; at its end when no receive is open, after the rest of a long poll,
     * 20 s at the most.
     */
    void returnToQueue(Runnable release) {
        if (!stop.isRequested()) {
            release.run();
            return;
        }
        lock.writeLock().lock();
        try {
            release.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
