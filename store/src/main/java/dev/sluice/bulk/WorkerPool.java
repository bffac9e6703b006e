package dev.sluice.bulk;

import dev.sluice.failure.ShutdownSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The threads of a rewrap: they take pieces of work until none is left. Platform threads, since the work is computing, and
 * ciphers and digests are kept per thread. Used by one thread; each run starts its own threads.
 */
public final class WorkerPool {

    private static final long TICK_MILLIS = 500;

    private final int threads;
    private final ShutdownSignal stop;
    private final ProgressListener listener;

    /**
     * @param threads pieces processed at the same time, at least 1
     * @param stop checked between two pieces
     */
    public WorkerPool(int threads, ShutdownSignal stop, ProgressListener listener) {
        this.threads = threads;
        this.stop = stop;
        this.listener = listener;
    }

    /** Ends every run. */
    public ShutdownSignal stop() {
        return stop;
    }

    /** Hears of each run's progress. */
    public ProgressListener listener() {
        return listener;
    }

    /**
     * Blocks until no piece is left, a stop is requested, or a piece fails, in which case its exception is thrown. Pieces
     * already taken are always finished.
     *
     * @param unit what is counted, in the plural
     * @param total how much of it there is
     * @param piece takes a piece and processes it, false if there is none; called by several threads
     * @param done how much is done; called by the calling thread now and then, and at the end
     */
    public void run(String unit, long total, BooleanSupplier piece, LongSupplier done) {
        listener.began(unit, total);
        ShutdownSignal failed = new ShutdownSignal();
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor =
                Executors.newFixedThreadPool(threads, task -> new Thread(task, "bulk-" + number.getAndIncrement()));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(executor.submit(() -> runAll(piece, failed)));
            }
            try {
                running.forEach(future -> join(future, done));
            } finally {
                failed.request();
            }
        } finally {
            close(executor);
            listener.reached(done.getAsLong());
        }
    }

    private static void close(ExecutorService executor) {
        executor.shutdown();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                executor.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                executor.shutdownNow();
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runAll(BooleanSupplier piece, ShutdownSignal failed) {
        boolean completed = false;
        try {
            while (!stop.isRequested() && !failed.isRequested() && piece.getAsBoolean()) {
                // the piece does it all
            }
            completed = true;
        } finally {
            if (!completed) {
                failed.request();
            }
        }
    }

    private void join(Future<?> future, LongSupplier done) {
        while (true) {
            try {
                future.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException stillRunning) {
                listener.reached(done.getAsLong());
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof RuntimeException known) {
                    throw known;
                }
                throw new IllegalStateException(failed.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
