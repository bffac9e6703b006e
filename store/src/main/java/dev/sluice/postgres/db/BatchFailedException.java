package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;

/**
 * A transaction failed and one of its records may be the cause; nothing of it was stored. Checked, because a caller that
 * stores several records must find out which one is at fault.
 */
public final class BatchFailedException extends Exception {

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

    public InfrastructureException failure() {
        return failure;
    }

    public SqlError error() {
        return error;
    }

    public long nanos() {
        return nanos;
    }

    /** Whether the server rejected the data and would again; else it failed for an unexplained reason. */
    public boolean isRejection() {
        return error.cause() != SqlError.Cause.UNEXPLAINED;
    }
}
