package dev.sluice.bench.measure;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/**
 * The table {@code user_logins} as another session sees it: its first committed row, and in the end its count. Used by one
 * thread.
 */
final class Rows implements AutoCloseable {

    private static final String WAL_POSITION = "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";

    private final Connection connection;
    private final Statement statement;
    private final long before;
    private final long walBefore;
    private long seenAt;

    Rows(String databaseUrl) throws SQLException {
        connection = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
        statement = connection.createStatement();
        before = all();
        walBefore = number("SELECT " + WAL_POSITION);
    }

    /** Queries unless a row was seen. */
    void look() throws SQLException {
        if (seenAt == 0) {
            try (ResultSet rows = statement.executeQuery("SELECT 1 FROM user_logins LIMIT 1")) {
                seenAt = rows.next() ? System.nanoTime() : 0;
            }
        }
    }

    /** Bytes that came since this was created, by their metric; the ledger's only if there is one. */
    Map<Metric, Long> sizes() throws SQLException {
        Map<Metric, Long> sizes = new EnumMap<>(Metric.class);
        sizes.put(Metric.TABLE_BYTES, number("SELECT pg_total_relation_size('user_logins')"));
        sizes.put(Metric.WAL_BYTES, number("SELECT " + WAL_POSITION) - walBefore);
        if (number("SELECT count(*) FROM pg_class WHERE oid = to_regclass('sluice.ledger')") > 0) {
            sizes.put(
                    Metric.LEDGER_BYTES,
                    number("SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('sluice.ledger')"));
        }
        return sizes;
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
        return number("SELECT count(*) FROM user_logins");
    }

    private long number(String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
