package dev.sluice.metrics;

import dev.sluice.failure.InfrastructureException;

/** Requests to recover values, as the audit holds them. Called by one thread, now and then; may block. */
@FunctionalInterface
public interface RecoveryRequests {

    /**
     * Those since the last call; none at the first.
     *
     * @throws InfrastructureException if they cannot be counted now, or the login may not count them
     */
    Counts next();

    /** How many were granted and denied. */
    record Counts(long granted, long denied) {}
}
