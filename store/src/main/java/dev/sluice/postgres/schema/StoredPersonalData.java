package dev.sluice.postgres.schema;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.detect.Sighting;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.UnmaskedColumns;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks for personal data that nobody masked in some rows of the target table. Reads only columns that the role may
 * read; values are counted, not kept. Bounded in rows and time, since the table may be large and busy.
 */
public final class StoredPersonalData {

    private static final String SUBJECT = "unmasked columns";

    /** Enough for the shares that {@code PersonalData} reports. */
    private static final int MAX_ROWS = 1_000;

    /** Longer values are not one address or number; of JSON, so much is read. */
    private static final int MAX_CHARS = 2_000;

    private static final String TIMEOUT = "SET LOCAL statement_timeout = '5s'";

    private static final String READABLE = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?)"
            + " AND attnum > 0 AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'SELECT')";

    private final DatabaseSettings address;
    private final PipelineSpec spec;

    /** @param spec whose columns are looked at */
    public StoredPersonalData(DatabaseSettings address, PipelineSpec spec) {
        this.address = address;
        this.spec = spec;
    }

    /**
     * A warning for each column that looks like personal data, or one finding that none does or that they could not be
     * read: other checks report why, and a run is not affected. Writes nothing. Never throws.
     */
    public List<Finding> check() {
        try {
            return Connections.once(
                    address,
                    "look at unmasked columns",
                    connection -> examine(connection, Identifiers.quoted(SearchPath.locate(connection, spec.sink()))));
        } catch (InfrastructureException unreadable) {
            return List.of(Finding.pass(SUBJECT, "not looked at: the table did not answer within 5 s, or not at all"));
        }
    }

    private List<Finding> examine(Connection connection, String table) throws SQLException {
        Query.execute(connection, TIMEOUT);
        UnmaskedColumns unmasked = new UnmaskedColumns(spec);
        List<String> readable = Query.of(connection, READABLE, table).list(row -> row.getString(1));
        List<Column> columns = unmasked.columns().stream()
                .filter(column -> readable.contains(column.name()))
                .toList();
        if (columns.isEmpty()) {
            return List.of(Finding.pass(
                    SUBJECT, "not looked at: none that could hold personal data and that the role may SELECT"));
        }
        long rows = Query.of(connection, sql(connection, table, columns))
                .list(row -> add(unmasked, columns, row))
                .size();
        List<Sighting> sightings = unmasked.sightings();
        return sightings.isEmpty()
                ? List.of(Finding.pass(
                        SUBJECT,
                        "nothing in " + columns.size() + " columns and " + rows + " rows looks like personal data"))
                : sightings.stream()
                        .map(sighting -> Finding.warn(SUBJECT, sighting.sentence()))
                        .toList();
    }

    private static String sql(Connection connection, String table, List<Column> columns) throws SQLException {
        String sample = TableSize.sample(connection, table, MAX_ROWS);
        return columns.stream()
                .map(column -> "left(" + Identifiers.quoted(column.name()) + "::text, " + MAX_CHARS + ")")
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + table + sample + " LIMIT " + MAX_ROWS));
    }

    private static boolean add(UnmaskedColumns unmasked, List<Column> columns, ResultSet row) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            String value = row.getString(i + 1);
            if (value != null) {
                unmasked.add(unmasked.columns().indexOf(columns.get(i)), value);
            }
        }
        return true;
    }
}
