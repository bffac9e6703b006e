package dev.sluice.pipeline;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the database, or the queue, may refuse for a while. The first passing failure opens it: the lane keeps what it
 * has in flight and tries again, less and less often, and no lane receives meanwhile. So an outage costs no message a
 * receive, and the dead-letter queue stays empty. While it is open one lane tries (half-open), the others wait for what
 * comes of it; it closes when an action has succeeded. Shared by all lanes; thread-safe.
 */
final class CircuitBreaker {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final String closing;
    private final Runnable probe;
    private final ShutdownSignal stop;
    private final Supplier<BackOff> backOffs;
    private final Lock halfOpen = new ReentrantLock();
    private volatile boolean open;

    /**
     * @param closing for the log, what is the case when it closes
     * @param probe asks whether an action is worth trying, at less cost than the action itself; throws what an action throws
     * @param stop ends every wait
     * @param backOffs gives the waits for one action
     */
    CircuitBreaker(String closing, Runnable probe, ShutdownSignal stop, Supplier<BackOff> backOffs) {
        this.closing = closing;
        this.probe = probe;
        this.stop = stop;
        this.backOffs = backOffs;
    }

    /**
     * Runs an action until it succeeds. Blocks while the circuit is open.
     *
     * @throws InfrastructureException the action's or the probe's failure: of a kind that does not pass, or of any kind
     *     once a stop was asked for
     */
    <T> T run(Supplier<T> action) {
        try {
            return action.get();
        } catch (InfrastructureException failure) {
            requireTransient(failure);
            open = true;
            return runHalfOpen(action, failure);
        }
    }

    /** The same, for what has no result. */
    void run(Runnable action) {
        run(() -> {
            action.run();
            return true;
        });
    }

    private <T> T runHalfOpen(Supplier<T> action, InfrastructureException first) {
        BackOff backOff = backOffs.get();
        InfrastructureException last = first;
        halfOpen.lock();
        try {
            while (!stop.isRequested()) {
                // Another lane may have closed it while this one waited for its turn.
                if (open && isStoppedWhileWaiting(backOff.next(), last)) {
                    break;
                }
                try {
                    probe.run();
                    T result = action.get();
                    close();
                    return result;
                } catch (InfrastructureException failure) {
                    requireTransient(failure);
                    open = true;
                    last = failure;
                }
            }
        } finally {
            halfOpen.unlock();
        }
        throw last;
    }

    private boolean isStoppedWhileWaiting(Duration wait, InfrastructureException last) {
        LOG.warn("Receiving stops, trying again in {} s: {}", Math.max(1, wait.toSeconds()), last.getMessage());
        return stop.await(wait);
    }

    private void close() {
        if (open) {
            open = false;
            LOG.warn("{}", closing);
        }
    }

    /** Blocks while the circuit is open, unless a stop is asked for; called by a lane before it receives. */
    void awaitClosed() {
        if (open) {
            // Whoever tries holds the lock until it is over.
            halfOpen.lock();
            try {
                LOG.debug("A lane goes on.");
            } finally {
                halfOpen.unlock();
            }
        }
    }

    private static void requireTransient(InfrastructureException failure) {
        if (failure.kind() != InfrastructureException.Kind.TRANSIENT) {
            throw failure;
        }
    }
}
