package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether one of the pipeline's neighbors fails at present: what its last try showed. Thread-safe. */
final class Availability {

    private volatile @Nullable Outage outage;
    private volatile Instant triedAt = Instant.EPOCH;

    /** Called after a try that failed; an outage that exists continues. */
    synchronized void failed(InfrastructureException failure, Duration wait) {
        triedAt = Instant.now();
        Outage before = outage;
        outage = new Outage(before == null ? triedAt : before.since(), failure.getMessage(), triedAt.plus(wait));
    }

    /** Called after a try that succeeded. Returns whether that ended an outage. */
    boolean restored() {
        if (outage == null) {
            return false; // the usual case, without a lock
        }
        synchronized (this) {
            boolean ended = outage != null;
            triedAt = Instant.now();
            outage = null;
            return ended;
        }
    }

    boolean isOut() {
        return outage != null;
    }

    Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    /** When the last try ended that failed, or that succeeded after one; long ago if there was none. */
    Instant triedAt() {
        return triedAt;
    }
}
