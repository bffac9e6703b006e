package dev.sluice.sqs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Parallel calls, each on its own virtual thread, with a bound over all callers. Thread-safe. An interrupt of the caller
 * reaches no call: a cancelled long poll may hide the messages that it was about to return (aws-sdk-java-v2 #1395).
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
     * @param call what it throws, this throws too, after all calls have ended
     * @return the results, in the order of the items
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
