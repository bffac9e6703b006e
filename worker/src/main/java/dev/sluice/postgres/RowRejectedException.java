package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;

/**
 * The server refused data of a transaction, and would again; nothing of it was stored. Checked, because whoever stores
 * several rows must look for the one that is at fault.
 */
final class RowRejectedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient InfrastructureException fault;

    RowRejectedException(InfrastructureException fault) {
        super("the server refused data", null, false, false);
        this.fault = fault;
    }

    /** The same as a fault, for who looked and found no row to blame. */
    InfrastructureException fault() {
        return fault;
    }
}
