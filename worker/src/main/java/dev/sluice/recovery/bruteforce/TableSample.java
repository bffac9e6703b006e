package dev.sluice.recovery.bruteforce;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.schema.TableSize;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a table, read in a read-only transaction: random blocks if the table is large, the first rows if it is not,
 * or has no blocks. Stateless.
 */
final class TableSample {

    private static final int ROWS = 10_000;

    /** Texts and network addresses by their category, bytes by their type; PostgreSQL manual, table 51.65. */
    private static final String COLUMNS =
            """
            SELECT a.attname, t.typname = 'bytea'
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                AND (t.typcategory IN ('S', 'I') OR t.typname = 'bytea') AND (?::text IS NULL OR a.attname = ?)
            ORDER BY a.attnum
            """;

    private TableSample() {}

    /** The values by column, without NULLs; bytes in hex. Empty if there is no such table or column. */
    static Map<String, List<String>> of(Database database, String table, @Nullable String column) {
        return database.transact("read a sample of the table", connection -> {
            Query.execute(connection, "SET TRANSACTION READ ONLY");
            Map<String, String> columns = columns(connection, table, column);
            return columns.isEmpty() ? Map.of() : read(connection, table, columns);
        });
    }

    /** By the column's name, the SQL that gives its text. */
    private static Map<String, String> columns(Connection connection, String table, @Nullable String column)
            throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        Query.of(connection, COLUMNS, table, column, column).forEach(row -> {
            String name = row.getString(1);
            String quoted = Identifiers.quoted(name);
            columns.put(name, row.getBoolean(2) ? "encode(" + quoted + ", 'hex')" : quoted + "::text");
        });
        return columns;
    }

    private static Map<String, List<String>> read(Connection connection, String table, Map<String, String> columns)
            throws SQLException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        columns.keySet().forEach(name -> values.put(name, new ArrayList<>()));
        String part = TableSize.sample(connection, table, ROWS);
        String sql = "SELECT " + String.join(", ", columns.values()) + " FROM " + table + part + " LIMIT " + ROWS;
        Query.of(connection, sql).forEach(row -> {
            int place = 1;
            for (List<String> ofColumn : values.values()) {
                String value = row.getString(place++);
                if (value != null) {
                    ofColumn.add(value);
                }
            }
        });
        return values;
    }
}
