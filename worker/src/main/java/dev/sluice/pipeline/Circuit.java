package dev.sluice.pipeline;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open while the database does not take rows. The lane that finds out keeps its batch and its leases, and asks the
 * database again, less and less often; the other lanes do not receive meanwhile. So an outage costs no message a receive,
 * and the dead-letter queue stays empty. Shared by all lanes; thread-safe.
 */
final class Circuit {

    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);

    private final Sink sink;
    private final Stop stop;
    private final Supplier<BackOff> backOffs;
    private final Lock probing = new ReentrantLock();
    private volatile boolean open;

    Circuit(Sink sink, Stop stop, Supplier<BackOff> backOffs) {
        this.sink = sink;
        this.stop = stop;
        this.backOffs = backOffs;
    }

    /** A fresh series of waits, for one batch. */
    BackOff backOff() {
        return backOffs.get();
    }

    /**
     * Opens the circuit and blocks until the database answers. Called by a lane whose store failed; of several lanes one
     * asks the database, the others wait for its answer.
     *
     * @param backOff the lane's own, for this batch: it goes on growing when storing fails although the probe did not
     * @return whether the lane should store its batch again; false when a stop was asked for
     * @throws InfrastructureException the failure, or that of a later probe, if it is none that passes
     */
    boolean waitOut(InfrastructureException failure, BackOff backOff) {
        demandPassing(failure);
        open = true;
        probing.lock();
        try {
            InfrastructureException last = failure;
            while (open && !stop.isAsked()) {
                Duration wait = backOff.next();
                LOG.warn("Receiving stops, trying again in {} s: {}", Math.max(1, wait.toSeconds()), last.getMessage());
                if (!stop.await(wait)) {
                    last = probe(last);
                }
            }
        } finally {
            probing.unlock();
        }
        return !stop.isAsked();
    }

    /** Blocks while the circuit is open, unless a stop is asked for; called by a lane before it receives. */
    void awaitClosed() {
        if (open) {
            // Whoever probes holds the lock until the database answers.
            probing.lock();
            try {
                LOG.debug("A lane goes on.");
            } finally {
                probing.unlock();
            }
        }
    }

    private InfrastructureException probe(InfrastructureException last) {
        try {
            sink.probe();
            open = false;
            LOG.warn("The database answers again.");
            return last;
        } catch (InfrastructureException e) {
            demandPassing(e);
            return e;
        }
    }

    private static void demandPassing(InfrastructureException failure) {
        if (failure.kind() != InfrastructureException.Kind.TRANSIENT) {
            throw failure;
        }
    }
}
