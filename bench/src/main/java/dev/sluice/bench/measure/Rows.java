package dev.sluice.bench.measure;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table {@code user_logins} as another session sees it: its first committed row, and in the end its count. Used by one
 * thread.
 */
final class Rows implements AutoCloseable {

    private final Connection connection;
    private final Statement statement;
    private final long before;
    private long seenAt;

    Rows(String databaseUrl) throws SQLException {
        connection = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
        statement = connection.createStatement();
        before = all();
    }

    /** Queries unless a row was seen. */
    void look() throws SQLException {
        if (seenAt == 0) {
            try (ResultSet rows = statement.executeQuery("SELECT 1 FROM user_logins LIMIT 1")) {
                seenAt = rows.next() ? System.nanoTime() : 0;
            }
        }
    }

    /** Whether the first row seen is one of this run. */
    boolean startedEmpty() {
        return before == 0;
    }

    boolean isSeen() {
        return seenAt != 0;
    }

    /** {@link System#nanoTime()}; 0 before a row was seen. */
    long seenAt() {
        return seenAt;
    }

    /** Rows that came since this was created. */
    long added() throws SQLException {
        return all() - before;
    }

    private long all() throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM user_logins")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
