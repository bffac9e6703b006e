package dev.sluice.metrics;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is read now and then, and may fail: the last result, and a log line when reading begins to fail and when
 * it succeeds again. Written by one thread, read by any.
 */
final class Reading<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final String what;
    private final ShutdownSignal closed;
    private volatile @Nullable Read<T> last;
    private boolean failing;

    /**
     * @param what begins a sentence: "The depth of the queue"
     * @param closed once it is requested, a failure is not worth a word: what is read closes, too
     */
    Reading(String what, ShutdownSignal closed) {
        this.what = what;
        this.closed = closed;
    }

    /** What was read, and when. */
    record Read<T>(T value, Instant at) {}

    /** Reads something; null for nothing there. */
    interface Call<T> {
        @Nullable
        T get();
    }

    /** Never throws: a defect of one reading must neither end the next ones nor leave an old value as if it were new. */
    @SuppressWarnings("IllegalCatch")
    void read(Call<T> call) {
        try {
            T value = call.get();
            last = value == null ? null : new Read<>(value, Instant.now());
            if (failing) {
                LOG.info("{} can be read again.", what);
            }
            failing = false;
        } catch (InfrastructureException failure) {
            failed(failure.getMessage());
        } catch (RuntimeException defect) {
            failed(defect.getClass().getSimpleName() + "; this is a defect, please report it.");
        }
    }

    private void failed(@Nullable String because) {
        last = null;
        if (!failing && !closed.isRequested()) {
            LOG.warn("{} cannot be read, so its metrics are missing: {}", what, because);
        }
        failing = true;
    }

    /** Null when nothing is there, and while it cannot be read. */
    @Nullable
    Read<T> last() {
        return last;
    }

    @Nullable
    T value() {
        Read<T> read = last;
        return read == null ? null : read.value();
    }
}
