package dev.sluice.failure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to end the run, made by a signal or by a consumer that failed. Every consumer checks it between two batches;
 * a batch in flight is finished first. Thread-safe.
 */
public final class ShutdownSignal {

    private final CountDownLatch requested = new CountDownLatch(1);

    /** Requests the shutdown; a second request has no effect. */
    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits for the given time, or until the shutdown is requested. An interrupt counts as a request.
     *
     * @return whether it is requested
     */
    public boolean await(Duration duration) {
        try {
            return requested.await(TimeUnit.NANOSECONDS.convert(duration), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request();
            return true;
        }
    }
}
