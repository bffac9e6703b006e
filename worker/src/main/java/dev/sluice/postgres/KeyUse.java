package dev.sluice.postgres;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mask.Tokens;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.schema.TableColumn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts what each key has encrypted, by the key ids in tokens and sealed originals: the target table's masked columns and the
 * quarantine. Reads over a separate connection and writes nothing. Does not see copies of the table, views or backups.
 * Thread-safe.
 */
public final class KeyUse {

    /** Read in a fraction of a second from any table. */
    private static final int SAMPLE = 10_000;

    private final DatabaseSettings address;
    private final PipelineSpec spec;
    private final Duration timeout;

    /** @param timeout for one statement, up to an hour */
    public KeyUse(DatabaseSettings address, PipelineSpec spec, Duration timeout) {
        this.address = address;
        this.spec = spec;
        this.timeout = timeout;
    }

    /**
     * Counts all rows.
     *
     * @throws InfrastructureException when they cannot be read in time
     */
    public Counts count() {
        return read("count the rows of each key", connection -> {
            Counts counts = new Counts(new HashMap<>(), new HashMap<>());
            String table = Identifiers.quoted(SearchPath.locate(connection, spec.sink()));
            for (String column : keyedColumns()) {
                addTokens(connection, "SELECT " + column + " AS token FROM " + table, counts);
            }
            addOriginals(connection, "sluice.quarantine", counts);
            return counts;
        });
    }

    /**
     * Rows by key id in a part of this pipeline's table and quarantine that is read at once, however large they are: the
     * first {@value #SAMPLE} rows of the table as they lie on disk, and the newest {@value #SAMPLE} of the quarantine. Empty
     * without a table, and without what is missing of it.
     *
     * @throws InfrastructureException when they cannot be read
     */
    public Map<Integer, Long> sample() {
        return read("look for keys in the table and the quarantine", connection -> {
            Counts counts = new Counts(new HashMap<>(), new HashMap<>());
            String table = Identifiers.quoted(SearchPath.locate(connection, spec.sink()));
            if (exists(connection, table)) {
                Set<String> present = TableColumn.of(connection, table).keySet();
                List<String> columns = new ArrayList<>(keyedColumns());
                columns.removeIf(column -> present.stream()
                        .noneMatch(name -> Identifiers.quoted(name).equals(column)));
                for (String column : columns) {
                    addTokens(connection, "SELECT " + column + " AS token FROM " + table + " LIMIT " + SAMPLE, counts);
                }
            }
            if (exists(connection, "sluice.quarantine")) {
                String newest = "(SELECT * FROM sluice.quarantine ORDER BY id DESC LIMIT " + SAMPLE + ") AS newest";
                addOriginals(connection, newest, counts);
            }
            return counts.ofPipeline();
        });
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        return Query.of(connection, "SELECT to_regclass(?) IS NOT NULL", table).isTrue();
    }

    private List<String> keyedColumns() {
        return spec.columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind().keyed())
                .map(column -> Identifiers.quoted(column.name()))
                .toList();
    }

    private <T> T read(String action, Database.Work<T> work) {
        return Connections.reading(address, timeout, action, work);
    }

    private static void addTokens(Connection connection, String tokens, Counts counts) throws SQLException {
        String sql = "SELECT left(token, " + Tokens.PREFIX_LENGTH + "), count(*) FROM (" + tokens
                + ") AS tokens WHERE length(token) >= " + Tokens.MIN_LENGTH + " GROUP BY 1";
        Query.of(connection, sql).forEach(row -> {
            long count = row.getLong(2);
            Tokens.keyIdOfPrefix(row.getString(1)).ifPresent(keyId -> counts.add(keyId, count, true));
        });
    }

    /** A sealed original begins with a version byte and four bytes of key id, as a token does. */
    private void addOriginals(Connection connection, String quarantine, Counts counts) throws SQLException {
        String sql = "SELECT substring(original FROM 2 FOR 4), count(*), pipeline = ? FROM " + quarantine
                + " WHERE octet_length(original) > 4 GROUP BY 1, 3";
        Query.of(connection, sql, spec.name())
                .forEach(row ->
                        counts.add(ByteBuffer.wrap(row.getBytes(1)).getInt(), row.getLong(2), row.getBoolean(3)));
    }

    /**
     * Rows by key id, without keys that have none.
     *
     * @param rows of the pipeline's table, and of the quarantine of all pipelines
     * @param ofPipeline the same without other pipelines' quarantine, whose keys may be in other files
     */
    public record Counts(Map<Integer, Long> rows, Map<Integer, Long> ofPipeline) {

        private void add(int keyId, long count, boolean isOwn) {
            rows.merge(keyId, count, Long::sum);
            if (isOwn) {
                ofPipeline.merge(keyId, count, Long::sum);
            }
        }
    }
}
