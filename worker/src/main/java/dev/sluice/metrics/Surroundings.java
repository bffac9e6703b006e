package dev.sluice.metrics;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Reading.Read;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a worker learns by asking: the depth of its queue and of the dead-letter queue, and the requests in the audit. Asked
 * now and then, each on a thread of its own: who is slow, or may not be asked, keeps nobody waiting. Thread-safe.
 */
final class Surroundings implements AutoCloseable {

    /** The queue's own counts lag by about a minute (AWS, GetQueueAttributes), and each call is paid. */
    private static final Duration DEPTH_INTERVAL = Duration.ofSeconds(10);

    /** Dead letters come late, and take three calls; a minute is how often metrics are usually scraped. */
    private static final Duration RARE_INTERVAL = Duration.ofMinutes(1);

    private final ShutdownSignal closed = new ShutdownSignal();
    private final Reading<Source.Depth> depth = new Reading<>("The depth of the queue", closed);
    private final Reading<Long> deadLetters = new Reading<>("The depth of the dead-letter queue", closed);
    private final Reading<RecoveryRequests.Counts> requests =
            new Reading<>("The count of requests in the audit", closed);
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong denied = new AtomicLong();

    Surroundings(Source source, RecoveryRequests audit) {
        repeat("queue-depth", DEPTH_INTERVAL, () -> depth.read(source::depth));
        repeat("dead-letters", RARE_INTERVAL, () -> deadLetters.read(() -> boxed(source.deadLetters())));
        repeat("audit-requests", RARE_INTERVAL, () -> requests.read(() -> counted(audit.next())));
    }

    private void repeat(String name, Duration interval, Runnable action) {
        Thread.ofVirtual().name(name).start(() -> {
            do {
                action.run();
            } while (!closed.await(interval));
        });
    }

    private static @Nullable Long boxed(OptionalLong count) {
        return count.isPresent() ? (Long) count.getAsLong() : null;
    }

    private RecoveryRequests.Counts counted(RecoveryRequests.Counts fresh) {
        return new RecoveryRequests.Counts(granted.addAndGet(fresh.granted()), denied.addAndGet(fresh.denied()));
    }

    /** The queue's counts; null while they cannot be read. */
    @Nullable
    Read<Source.Depth> depth() {
        return depth.last();
    }

    /** Null when there is no dead-letter queue, or while it cannot be read. */
    @Nullable
    Long deadLetters() {
        return deadLetters.value();
    }

    /** Since the start; null while they cannot be read. */
    RecoveryRequests.@Nullable Counts requests() {
        return requests.value();
    }

    /** Calls under way end by themselves. */
    @Override
    public void close() {
        closed.request();
    }
}
