package dev.sluice.sqs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Calls that run at the same time, each on a virtual thread of its own, so many at once and no more over all callers.
 * Thread-safe. An interrupt of the caller is kept for the caller and reaches no call: a long poll that is broken off
 * may hide the messages it was about to bring (aws-sdk-java-v2 #1395).
 */
final class BoundedCalls implements AutoCloseable {

    private final ExecutorService threads;
    private final Semaphore permits;

    BoundedCalls(String name, int atOnce) {
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
        this.permits = new Semaphore(atOnce);
    }

    /**
     * Makes one call per item and waits for all of them.
     *
     * @param call must not throw what the caller wants to survive: what it throws, this throws when all have ended
     * @return the results in the order of the items
     */
    <T, R> List<R> map(List<T> items, Function<T, R> call) {
        List<CompletableFuture<R>> running = items.stream()
                .map(item -> CompletableFuture.supplyAsync(() -> permitted(item, call), threads))
                .toList();
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .exceptionally(thrown -> null)
                .join();
        return running.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        threads.close();
    }

    private <T, R> R permitted(T item, Function<T, R> call) {
        permits.acquireUninterruptibly();
        try {
            return call.apply(item);
        } finally {
            permits.release();
        }
    }
}
