package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.SqlError;

/**
 * A transaction failed and one of its records may be the cause; nothing of it was stored. Checked, because a caller that
 * stores several records must find out which one is at fault.
 */
final class BatchFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient InfrastructureException failure;
    private final transient SqlError error;
    private final long nanos;

    /**
     * @param failure the same, for a caller that blames no record
     * @param nanos how long the transaction took until it failed
     */
    BatchFailedException(InfrastructureException failure, SqlError error, long nanos) {
        super("a transaction failed", null, false, false);
        this.failure = failure;
        this.error = error;
        this.nanos = nanos;
    }

    InfrastructureException failure() {
        return failure;
    }

    SqlError error() {
        return error;
    }

    long nanos() {
        return nanos;
    }

    /** Whether the server rejected the data and would again; else it failed for an unexplained reason. */
    boolean isRejection() {
        return error.cause() != SqlError.Cause.UNEXPLAINED;
    }
}
