package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A row of {@code sluice.mutex}, under which one session at a time does what two must not. Our functions lock it and nobody
 * else can: a login without grants cannot hold it, as it could an advisory lock. Whoever waits in vain is told for whom.
 * Stateless.
 */
public enum Mutex {
    /** Appending to the audit. */
    AUDIT("audit"),
    /** Making and dropping days of the ledger. */
    LEDGER("ledger"),
    /** Pruning the ledger by key; nobody waits for it. */
    LEDGER_BY_KEY("ledger-by-key"),
    /** Making months of target tables. */
    PARTITIONS("partitions"),
    /** Making and granting the group roles. */
    ROLES("roles"),
    /** Creating a target table. */
    TARGET("target");

    private final String label;

    Mutex(String label) {
        this.label = label;
    }

    /** As the table has it. */
    String label() {
        return label;
    }

    /**
     * Takes it until the transaction ends. Waits for as long as the session's {@code lock_timeout} says.
     *
     * @param connection of the owner of schema {@code sluice}
     */
    public void take(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT sluice.mutex_take(?)")) {
            statement.setString(1, label);
            statement.execute();
        }
    }

    /**
     * As {@link Database#transact}, for work that takes this mutex: when a lock was not to be had in time, the exception says
     * which session holds the mutex, if one does.
     *
     * @throws InfrastructureException TRANSIENT then; else as {@link Database#transact}
     */
    public <T> T transact(Database database, String action, Database.Work<T> work) {
        try {
            return database.attempt(action, Database.fixed(work));
        } catch (SQLException e) {
            if (DatabaseFailures.isLockTimeout(e)) {
                throw inUse(database, action);
            }
            throw DatabaseFailures.translate(action, e);
        }
    }

    private InfrastructureException inUse(Database database, String action) {
        String who = holder(database)
                .map(holder -> holder + " holds the mutex '" + label + "' of schema sluice")
                .orElse("another session, perhaps a backup, holds a lock");
        return new InfrastructureException(
                Kind.TRANSIENT, "could not " + action + ": " + who + "; try again when it has ended");
    }

    /** Empty when nobody holds it any more, or when this login may not ask. */
    private Optional<String> holder(Database database) {
        try {
            return database.transact("ask who holds a lock", this::holder);
        } catch (InfrastructureException e) {
            return Optional.empty();
        }
    }

    private Optional<String> holder(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pid, login FROM sluice.mutex_holder(?)")) {
            statement.setString(1, label);
            ResultSet found = statement.executeQuery();
            return found.next()
                    ? Optional.of(
                            "another session, process " + found.getInt(1) + " of login " + found.getString(2) + ",")
                    : Optional.empty();
        }
    }
}
