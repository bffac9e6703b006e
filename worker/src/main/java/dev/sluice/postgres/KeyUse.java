package dev.sluice.postgres;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mask.Tokens;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what each key has encrypted, by the key ids in tokens and sealed originals: the target table's masked columns and the
 * quarantine of all pipelines in the database. Reads all of both over a separate connection and writes nothing. Does not see copies of the table, views or
 * backups. Thread-safe.
 */
public final class KeyUse {

    private final DatabaseSettings address;
    private final PipelineSpec spec;
    private final Duration timeout;

    /** @param timeout for one statement, up to an hour */
    public KeyUse(DatabaseSettings address, PipelineSpec spec, Duration timeout) {
        this.address = address;
        this.spec = spec;
        this.timeout = timeout;
    }

    /** Rows by key id, without keys that have none; an {@link InfrastructureException} when they cannot be read in time. */
    public Map<Integer, Long> rows() {
        Map<Integer, Long> rows = new HashMap<>();
        try (Connection connection = Connections.forReading(address, timeout)) {
            connection.setAutoCommit(false);
            String table = Identifiers.quoted(SearchPath.locate(connection, spec.sink()));
            for (PipelineSpec.Column column : spec.columns()) {
                if (column.mask() != null && column.mask().kind().keyed()) {
                    addTokens(connection, table, Identifiers.quoted(column.name()), rows);
                }
            }
            addOriginals(connection, rows);
        } catch (SQLException e) {
            throw DatabaseFailures.translate(address, "count the rows of each key", e);
        }
        return rows;
    }

    private static void addTokens(Connection connection, String table, String column, Map<Integer, Long> rows)
            throws SQLException {
        String sql = "SELECT left(" + column + ", " + Tokens.PREFIX_LENGTH + "), count(*) FROM " + table + " WHERE "
                + column + " IS NOT NULL GROUP BY 1";
        Query.of(connection, sql).forEach(row -> {
            long count = row.getLong(2);
            Tokens.keyIdOfPrefix(row.getString(1)).ifPresent(keyId -> rows.merge(keyId, count, Long::sum));
        });
    }

    /** A sealed original begins with a version byte and four bytes of key id, as a token does. */
    private static void addOriginals(Connection connection, Map<Integer, Long> rows) throws SQLException {
        String sql = "SELECT substring(original FROM 2 FOR 4), count(*) FROM sluice.quarantine"
                + " WHERE octet_length(original) > 4 GROUP BY 1";
        Query.of(connection, sql)
                .forEach(row -> rows.merge(ByteBuffer.wrap(row.getBytes(1)).getInt(), row.getLong(2), Long::sum));
    }
}
