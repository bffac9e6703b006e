package dev.sluice.postgres.db;

/**
 * What our transactions run under, as SQL for a session of our own, or for each transaction where sessions are shared. UTC,
 * since the driver would set the JVM's zone. Read committed, whatever the role's default is: the table's types must not be
 * read from a snapshot older than the lock. The search path is fixed for these statements and is then the role's own, which
 * triggers may need; each transaction of {@link Database#transact} fixes it again. What the driver and the pool send by
 * themselves calls no function.
 *
 * @param statementMillis statement timeout; 0 for none
 * @param lockMillis lock timeout; 0 for none
 * @param isReadOnly whether nothing may be written
 * @param raisesCommit whether {@code synchronous_commit}, when off, is set to on: when off, COMMIT returns before the
 *     write-ahead log is on disk, and a crash loses rows whose messages are deleted, and audit entries for values that were
 *     shown. Every other value stays as configured
 */
record SessionSettings(long statementMillis, long lockMillis, boolean isReadOnly, boolean raisesCommit) {

    /** For the whole session. */
    String ofSession() {
        return SearchPath.FIX_SESSION
                + "; SET default_transaction_isolation = 'read committed'"
                + (isReadOnly ? "; SET default_transaction_read_only = on" : "")
                + common("SET ", false)
                + "; "
                + SearchPath.RESTORE_SESSION;
    }

    /** Until the transaction ends; its first statements. */
    String ofTransaction() {
        return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"
                + (isReadOnly ? " READ ONLY" : "")
                + "; SET LOCAL "
                + SearchPath.FIXED
                + common("SET LOCAL ", true)
                + "; "
                + SearchPath.RESTORE;
    }

    private String common(String set, boolean isLocal) {
        String settings = "; " + set + "TIME ZONE 'UTC'"
                + "; " + set + "statement_timeout = " + statementMillis
                + "; " + set + "lock_timeout = " + lockMillis;
        return raisesCommit
                ? settings + "; SELECT set_config('synchronous_commit', 'on', " + isLocal
                        + ") WHERE current_setting('synchronous_commit') = 'off'"
                : settings;
    }
}
