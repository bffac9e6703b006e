package dev.sluice.faults;

import static org.awaitility.Awaitility.await;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * An advisory lock of one database, held from the beginning until {@link #open()}: statements that ask for it wait, so
 * that a fault meets work in progress by construction and not by the clock. Used by one thread.
 */
final class Gate implements AutoCloseable {

    /** PL/pgSQL that waits for the gate, longer than a worker waits for a lock, and lets others through when it has passed. */
    static final String WAIT = "PERFORM set_config('lock_timeout', '0', true); PERFORM pg_advisory_xact_lock_shared(1)";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Connection holder;

    Gate(String databaseUrl) {
        try {
            this.holder = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(1)");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Blocks until so many statements stand before it. */
    void awaitWaiting(int statements) {
        await("statements before the gate").atMost(PATIENCE).pollInterval(LOOK).until(() -> waiting() >= statements);
    }

    private int waiting() throws SQLException {
        try (Statement statement = holder.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND NOT granted AND database = (SELECT oid FROM pg_database"
                        + " WHERE datname = current_database())")) {
            return count.next() ? count.getInt(1) : 0;
        }
    }

    /** For good; again has no effect. */
    void open() {
        close();
    }

    @Override
    public void close() {
        try {
            holder.close();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
