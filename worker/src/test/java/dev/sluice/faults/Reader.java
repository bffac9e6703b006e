package dev.sluice.faults;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction that reads tables and does not end, as a backup's (pg_dump) does for hours. Used by one thread. */
final class Reader implements AutoCloseable {

    private final Connection holder;

    Reader(String databaseUrl, String... tables) {
        try {
            this.holder = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN ACCESS SHARE MODE");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** For good; again has no effect. */
    void end() {
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
