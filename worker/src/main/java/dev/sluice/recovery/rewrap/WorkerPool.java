package dev.sluice.recovery.rewrap;

import dev.sluice.failure.ShutdownSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Some threads that take pieces of work until there are no more. Threads of the platform's, since ciphers and digests are
 * kept by thread and the work is computing. Stateless but for its settings.
 */
public final class WorkerPool {

    private static final long TICK_MILLIS = 500;

    private final int threads;
    private final ShutdownSignal stop;

    /** @param stop heard between two pieces */
    public WorkerPool(int threads, ShutdownSignal stop) {
        this.threads = threads;
        this.stop = stop;
    }

    /** Takes a piece and does it. Called by several threads. */
    @FunctionalInterface
    public interface Piece {
        /** @return whether there was one */
        boolean run();
    }

    /**
     * Blocks until there are no more pieces, {@code stop} is asked, or one fails, which is thrown; pieces in hand are
     * finished in any case.
     *
     * @param tick called by this thread now and then, and at the end
     */
    public void run(Piece piece, Runnable tick) {
        ShutdownSignal failed = new ShutdownSignal();
        try (ExecutorService executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("rewrap-", 0).factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(executor.submit(() -> runAll(piece, failed)));
            }
            try {
                running.forEach(future -> join(future, tick));
            } finally {
                failed.request();
            }
        } finally {
            tick.run();
        }
    }

    private void runAll(Piece piece, ShutdownSignal failed) {
        boolean done = false;
        try {
            while (!stop.isRequested() && !failed.isRequested() && piece.run()) {
                // the piece does it all
            }
            done = true;
        } finally {
            if (!done) {
                failed.request();
            }
        }
    }

    private static void join(Future<?> future, Runnable tick) {
        while (true) {
            try {
                future.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException stillRunning) {
                tick.run();
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
