package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A row of {@code sluice.mutex} that serializes work between sessions. Only our functions can lock it: a login without grants
 * cannot hold it, as it could an advisory lock. After a lock timeout the error names the holder. Stateless.
 */
public enum Mutex {
    /** Appending to the audit. */
    AUDIT("audit"),
    /** Creating and dropping the ledger's daily partitions. */
    LEDGER("ledger"),
    /** Pruning the ledger by key; no batch waits for it. */
    LEDGER_BY_KEY("ledger-by-key"),
    /** Creating target tables' monthly partitions. */
    PARTITIONS("partitions"),
    /** Creating the group roles and granting privileges. */
    ROLES("roles"),
    /** Creating a target table. */
    TARGET("target");

    private final String label;

    Mutex(String label) {
        this.label = label;
    }

    /** The name in the table. */
    String label() {
        return label;
    }

    /** Locks it until the transaction ends; waits for up to {@code lock_timeout}. Only for the owner of the schema. */
    public void take(Connection connection) throws SQLException {
        Query.of(connection, "SELECT sluice.mutex_take(?)", label).hasRow();
    }

    /**
     * As {@link Database#transact}, for work that takes this mutex: after a lock timeout the exception names the session
     * that holds it.
     *
     * @throws InfrastructureException TRANSIENT after a lock timeout; else as {@link Database#transact}
     */
    public <T> T transact(Database database, String action, Database.Work<T> work) {
        try {
            return database.attempt(action, Database.fixed(work));
        } catch (SQLException e) {
            if (DatabaseFailures.state(e).equals(SqlState.LOCK_TIMEOUT)) {
                String holder = holder(database).orElse("another session, perhaps a backup, holds a lock");
                throw new InfrastructureException(
                        Kind.TRANSIENT, "could not " + action + ": " + holder + "; try again when it has ended");
            }
            throw DatabaseFailures.translate(database.address(), action, e);
        }
    }

    /** Empty when nobody holds it any more, or when this login may not see the holder. */
    private Optional<String> holder(Database database) {
        try {
            return database.transact("look for the holder of a lock", connection -> Query.of(
                            connection, "SELECT pid, login FROM sluice.mutex_holder(?)", label)
                    .first(row -> "another session, process " + row.getInt(1) + " of login " + row.getString(2)
                            + ", holds the mutex '" + label + "' of schema sluice"));
        } catch (InfrastructureException e) {
            return Optional.empty();
        }
    }
}
