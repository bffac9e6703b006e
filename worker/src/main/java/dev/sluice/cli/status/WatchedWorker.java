package dev.sluice.cli.status;

import dev.sluice.cli.status.Answer.Answered;
import dev.sluice.cli.status.Answer.Unanswered;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker that is asked again and again, on a thread of its own, and what it said last. Thread-safe. */
final class WatchedWorker {

    private final WorkerAddress address;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Seen seen = new Seen(null, 0, "no answer yet");

    /**
     * @param status what it said last; null before it has said anything
     * @param atNanos when it said that, by {@link System#nanoTime()}
     * @param fault why it did not answer after that; null when it did
     */
    record Seen(@Nullable Status status, long atNanos, @Nullable String fault) {}

    WatchedWorker(WorkerAddress address) {
        this.address = address;
    }

    WorkerAddress address() {
        return address;
    }

    Seen seen() {
        return seen;
    }

    /** Returns at once. */
    void watch(StatusReader reader, Duration every, ShutdownSignal stop) {
        Thread.ofVirtual().name("watch-" + address.label()).start(() -> {
            do {
                seen = after(reader.read(address));
                asked.countDown();
            } while (!stop.await(every));
        });
    }

    private Seen after(Answer answer) {
        return switch (answer) {
            case Answered answered -> new Seen(answered.status(), System.nanoTime(), null);
            case Unanswered unanswered -> new Seen(seen.status(), seen.atNanos(), unanswered.reason());
        };
    }

    /** Waits until the worker has answered once, or has failed to. */
    void awaitFirst(Duration patience) {
        try {
            // Whether it came in time does not matter: what is shown says that there is none yet.
            boolean known = asked.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            assert known || seen.fault() != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
