package dev.sluice.recovery.bruteforce;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a table, read in a transaction that cannot write: blocks at random where the table is known to be large, the
 * first rows where it is not, or has no blocks. Stateless.
 */
final class Sample {

    private static final int ROWS = 10_000;

    /** Blocks are taken or left as a whole, so that more are asked for than are needed. */
    private static final int PERCENT_FACTOR = 300;

    private static final String ACTION = "read a sample of the table";

    /** Texts and network addresses by their category, bytes by their type; PostgreSQL manual, table 51.65. */
    private static final String COLUMNS =
            """
            SELECT a.attname, t.typname = 'bytea'
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                AND (t.typcategory IN ('S', 'I') OR t.typname = 'bytea') AND (?::text IS NULL OR a.attname = ?)
            ORDER BY a.attnum
            """;

    private Sample() {}

    /** The values by column, without NULLs; bytes in hex. Empty when there is no such table or column. */
    static Map<String, List<String>> of(Database database, String table, @Nullable String column) {
        return database.transact(ACTION, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION READ ONLY");
            }
            Map<String, String> columns = columns(connection, table, column);
            return columns.isEmpty() ? Map.of() : read(connection, table, columns);
        });
    }

    private static Map<String, String> columns(Connection connection, String table, @Nullable String column)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            statement.setString(2, column);
            statement.setString(3, column);
            ResultSet found = statement.executeQuery();
            Map<String, String> columns = new LinkedHashMap<>();
            while (found.next()) {
                String quoted = Identifiers.quoted(found.getString(1));
                columns.put(
                        found.getString(1), found.getBoolean(2) ? "encode(" + quoted + ", 'hex')" : quoted + "::text");
            }
            return columns;
        }
    }

    private static Map<String, List<String>> read(Connection connection, String table, Map<String, String> columns)
            throws SQLException {
        String sql = columns.values().stream().collect(Collectors.joining(", ", "SELECT ", " FROM " + table))
                + part(connection, table) + " LIMIT " + ROWS;
        Map<String, List<String>> values = new LinkedHashMap<>();
        columns.keySet().forEach(name -> values.put(name, new ArrayList<>()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSet found = statement.executeQuery();
            while (found.next()) {
                int place = 1;
                for (List<String> ofColumn : values.values()) {
                    String value = found.getString(place++);
                    if (value != null) {
                        ofColumn.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static String part(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT relkind IN ('r', 'm', 'p'), reltuples FROM pg_catalog.pg_class WHERE oid = to_regclass(?)")) {
            statement.setString(1, table);
            ResultSet found = statement.executeQuery();
            boolean large = found.next() && found.getBoolean(1) && found.getDouble(2) > 2.0 * ROWS;
            return large
                    ? " TABLESAMPLE SYSTEM (" + Math.min(100, PERCENT_FACTOR * ROWS / found.getDouble(2)) + ")"
                    : "";
        }
    }
}
