package dev.sluice.metrics;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the depth of the queue and of its dead-letter queue now and then, on a thread of its own: a queue that is slow, or
 * may not be read, keeps nobody waiting. Thread-safe.
 */
final class QueueWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWatch.class);

    /** The queue's own counts lag by about a minute (AWS, GetQueueAttributes), and each call is paid. */
    private static final Duration DEPTH_INTERVAL = Duration.ofSeconds(10);

    /** Dead letters come late, and take three calls. */
    private static final int DEPTHS_PER_DEAD_LETTERS = 6;

    private final Source source;
    private final ShutdownSignal closed = new ShutdownSignal();
    private final Reading<Source.Depth> depth = new Reading<>("The depth of the queue");
    private final Reading<Long> deadLetters = new Reading<>("The depth of the dead-letter queue");

    QueueWatch(Source source) {
        this.source = source;
        Thread.ofVirtual().name("queue-depth").start(this::watch);
    }

    /** Something that was read, and when. */
    record Read<T>(T value, Instant at) {}

    private void watch() {
        for (int round = 0; !closed.isRequested(); round++) {
            depth.read(source::depth);
            if (round % DEPTHS_PER_DEAD_LETTERS == 0) {
                deadLetters.read(() -> {
                    OptionalLong count = source.deadLetters();
                    return count.isPresent() ? (Long) count.getAsLong() : null;
                });
            }
            closed.await(DEPTH_INTERVAL);
        }
    }

    /** The queue's counts as last read; null while they cannot be read. */
    @Nullable
    Read<Source.Depth> depth() {
        return depth.last;
    }

    /** As last read; null when there is no dead-letter queue, or while it cannot be read. */
    @Nullable
    Long deadLetters() {
        Read<Long> last = deadLetters.last;
        return last == null ? null : last.value();
    }

    /** A call under way ends by itself. */
    @Override
    public void close() {
        closed.request();
    }

    private interface Call<T> {
        @Nullable
        T get();
    }

    /** The last result of a call; logs a failure once, and when it is over. What the close cuts short is not a failure. */
    private final class Reading<T> {

        private final String what;
        private volatile @Nullable Read<T> last;
        private boolean failing;

        Reading(String what) {
            this.what = what;
        }

        void read(Call<T> call) {
            try {
                T value = call.get();
                last = value == null ? null : new Read<>(value, Instant.now());
                if (failing) {
                    LOG.info("{} can be read again.", what);
                }
                failing = false;
            } catch (InfrastructureException failure) {
                last = null;
                if (!failing && !closed.isRequested()) {
                    LOG.warn("{} cannot be read, so its metric is missing: {}", what, failure.getMessage());
                }
                failing = true;
            }
        }
    }
}
