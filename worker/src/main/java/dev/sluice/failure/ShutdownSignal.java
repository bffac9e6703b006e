package dev.sluice.failure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish that a run should end, said once (by a signal, or by a lane that failed) and heard by every lane between two
 * rounds. Nothing in hand is dropped for it. Thread-safe.
 */
public final class ShutdownSignal {

    private final CountDownLatch asked = new CountDownLatch(1);

    /** Says the wish; again has no effect. */
    public void request() {
        asked.countDown();
    }

    /** Whether it was said. */
    public boolean isRequested() {
        return asked.getCount() == 0;
    }

    /**
     * Waits, but no longer than until the wish is said.
     *
     * @return whether it was said
     */
    public boolean await(Duration duration) {
        try {
            return asked.await(TimeUnit.NANOSECONDS.convert(duration), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request();
            return true;
        }
    }
}
