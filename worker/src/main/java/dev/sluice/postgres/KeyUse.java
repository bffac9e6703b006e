package dev.sluice.postgres;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mask.Tokens;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.SearchPath;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what each key has made, by the key ids that tokens and sealed originals bear: the target table's masked columns,
 * and the quarantine. Reads all of both, over one connection of its own, and writes nothing. Copies of the table, views and
 * backups are not looked at. Thread-safe.
 */
public final class KeyUse {

    private static final String ACTION = "count the rows of each key";

    private final DatabaseSettings address;
    private final PipelineSpec spec;
    private final Duration patience;

    /** @param patience how long one statement may take, up to an hour */
    public KeyUse(DatabaseSettings address, PipelineSpec spec, Duration patience) {
        this.address = address;
        this.spec = spec;
        this.patience = patience;
    }

    /**
     * Rows by key id, of keys that have any. The quarantine's of all pipelines in this database count.
     *
     * @throws InfrastructureException when table or quarantine cannot be read within the time
     */
    public Map<Integer, Long> rows() {
        Map<Integer, Long> rows = new HashMap<>();
        try (Connection connection = Connections.forReading(address, patience);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String table = Identifiers.quoted(SearchPath.locate(connection, spec.sink()));
            for (PipelineSpec.Column column : spec.columns()) {
                if (column.mask() != null && column.mask().kind().keyed()) {
                    tokens(statement, table, Identifiers.quoted(column.name()), rows);
                }
            }
            originals(statement, rows);
        } catch (SQLException e) {
            throw DatabaseFailures.translate(ACTION, e);
        }
        return rows;
    }

    private static void tokens(Statement statement, String table, String column, Map<Integer, Long> rows)
            throws SQLException {
        ResultSet found = statement.executeQuery("SELECT left(" + column + ", " + Tokens.PREFIX_LENGTH
                + "), count(*) FROM " + table + " WHERE " + column + " IS NOT NULL GROUP BY 1");
        while (found.next()) {
            long count = found.getLong(2);
            Tokens.keyIdOfPrefix(found.getString(1)).ifPresent(keyId -> rows.merge(keyId, count, Long::sum));
        }
    }

    /** A sealed original begins with one byte of version and four of key id, as a token's bytes do. */
    private static void originals(Statement statement, Map<Integer, Long> rows) throws SQLException {
        ResultSet found =
                statement.executeQuery("SELECT substring(original FROM 2 FOR 4), count(*) FROM sluice.quarantine"
                        + " WHERE octet_length(original) > 4 GROUP BY 1");
        while (found.next()) {
            rows.merge(ByteBuffer.wrap(found.getBytes(1)).getInt(), found.getLong(2), Long::sum);
        }
    }
}
