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
 * Runs actions that fail while the database, or the queue, is unavailable. The first transient failure opens it: the
 * consumer keeps its batch in flight and retries with back-off, and no consumer receives meanwhile. So an outage costs no
 * message a receive, and the dead-letter queue stays empty. While it is open, one consumer tries (half-open) and the others
 * wait for the result; it closes when an action succeeds. Shared by all consumers; thread-safe.
 */
final class CircuitBreaker {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final String closedMessage;
    private final Runnable probe;
    private final ShutdownSignal shutdown;
    private final Supplier<BackOff> backOffs;
    private final Lock halfOpen = new ReentrantLock();
    private final Availability availability;

    /**
     * @param closedMessage logged when it closes
     * @param probe checks whether an action is worth trying, at less cost than the action; throws what an action throws
     * @param availability is out while the circuit is open
     * @param shutdown ends every wait
     * @param backOffs gives the waits for one action
     */
    CircuitBreaker(
            String closedMessage,
            Runnable probe,
            Availability availability,
            ShutdownSignal shutdown,
            Supplier<BackOff> backOffs) {
        this.closedMessage = closedMessage;
        this.availability = availability;
        this.probe = probe;
        this.shutdown = shutdown;
        this.backOffs = backOffs;
    }

    /**
     * Runs an action until it succeeds. Blocks while the circuit is open.
     *
     * @throws InfrastructureException the failure of the action or the probe: if it is not transient, or if a shutdown is
     *     requested
     */
    <T> T run(Supplier<T> action) {
        try {
            return action.get();
        } catch (InfrastructureException failure) {
            openFor(failure);
            return retry(action, failure);
        }
    }

    /** Runs an action without a result. */
    void run(Runnable action) {
        run(() -> {
            action.run();
            return true;
        });
    }

    private <T> T retry(Supplier<T> action, InfrastructureException first) {
        BackOff backOff = backOffs.get();
        InfrastructureException last = first;
        halfOpen.lock();
        try {
            while (!shutdown.isRequested()) {
                // Another consumer may have closed it while this one waited for its turn.
                if (availability.isOut() && isShutDownDuring(backOff.next(), last)) {
                    break;
                }
                try {
                    probe.run();
                    T result = action.get();
                    close();
                    return result;
                } catch (InfrastructureException failure) {
                    openFor(failure);
                    last = failure;
                }
            }
        } finally {
            halfOpen.unlock();
        }
        throw last;
    }

    private void openFor(InfrastructureException failure) {
        if (!failure.isTransient()) {
            throw failure;
        }
        availability.failed(failure, Duration.ZERO);
    }

    private boolean isShutDownDuring(Duration wait, InfrastructureException last) {
        availability.failed(last, wait);
        LOG.warn("Receiving pauses, trying again in {} s: {}", Math.max(1, wait.toSeconds()), last.getMessage());
        return shutdown.await(wait);
    }

    private void close() {
        if (availability.restored()) {
            LOG.warn("{}", closedMessage);
        }
    }

    /** Blocks while the circuit is open, unless a shutdown is requested; called by a consumer before it receives. */
    void awaitClosed() {
        if (availability.isOut()) {
            // The consumer that retries holds the lock until it is done.
            halfOpen.lock();
            try {
                LOG.debug("A consumer continues.");
            } finally {
                halfOpen.unlock();
            }
        }
    }
}
