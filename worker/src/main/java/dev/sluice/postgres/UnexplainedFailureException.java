package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.SqlError;

/**
 * A transaction failed with a state that says neither that the database is away nor which row is at fault; nothing of it
 * was stored. Checked, because whoever stores several records must find out whether one of them is the cause.
 */
final class UnexplainedFailureException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient InfrastructureException fault;
    private final transient SqlError refusal;
    private final long nanos;

    /**
     * @param fault the same, for who has no records to look through
     * @param nanos how long the transaction took until it failed
     */
    UnexplainedFailureException(InfrastructureException fault, SqlError refusal, long nanos) {
        super("a transaction failed", null, false, false);
        this.fault = fault;
        this.refusal = refusal;
        this.nanos = nanos;
    }

    InfrastructureException fault() {
        return fault;
    }

    SqlError refusal() {
        return refusal;
    }

    long nanos() {
        return nanos;
    }
}
