package dev.sluice.console;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that may take longer than a request. It is done once at a time, on a thread of its own, and goes on when the request
 * has been answered. Thread-safe.
 */
final class LongWork<T> {

    /** Below the 15 s for which the page waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final String name;
    private final String goesOn;
    private @Nullable CompletableFuture<T> running;

    /**
     * @param name of its thread
     * @param goesOn what a caller reads whose request ends before the work does
     */
    LongWork(String name, String goesOn) {
        this.name = name;
        this.goesOn = goesOn;
    }

    /** Does the work, unless some is being done; then throws with that sentence. */
    T runAlone(Supplier<T> work, String busy) {
        return result(begin(work, busy));
    }

    /** Does the work, or waits for what is being done. */
    T runOrJoin(Supplier<T> work) {
        return result(begin(work, null));
    }

    private synchronized Future<T> begin(Supplier<T> work, @Nullable String busy) {
        CompletableFuture<T> present = running;
        if (present != null && !present.isDone()) {
            if (busy != null) {
                throw RefusedException.busy(busy);
            }
            return present;
        }
        CompletableFuture<T> begun = CompletableFuture.supplyAsync(
                work, task -> Thread.ofVirtual().name(name).start(task));
        running = begun;
        return begun;
    }

    private T result(Future<T> work) {
        try {
            return work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException takesLonger) {
            throw RefusedException.busy(goesOn);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw RefusedException.busy(goesOn);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new CompletionException(failed.getCause());
        }
    }
}
