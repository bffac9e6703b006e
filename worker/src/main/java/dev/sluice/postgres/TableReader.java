package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the target table for people: the pipeline's columns only, as they are stored (masked), as text. Other columns
 * that a table may have are not shown: nobody said that they are masked. Thread-safe.
 */
public final class TableReader {

    private final Database database;
    private final PipelineSpec spec;
    private final String table;
    private final String action;

    /** @throws InfrastructureException when the database cannot be asked for the table's schema */
    public TableReader(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
        this.table = Identifiers.quoted(database.located(spec.sink()));
        this.action = "read table " + spec.sink().qualifiedName();
    }

    /**
     * Some rows, in no promised order: the table has no column that tells the newest, and where a row lies on disk does
     * not either. Small tables come in the order of writing.
     *
     * @param limit at most so many, at least 0
     * @throws InfrastructureException when the table is missing, not readable, or the database away
     */
    public Sample show(int limit) {
        return database.transact(action, connection -> sample(connection, "", List.of(), limit));
    }

    /**
     * Rows in which a column has one of some values, in no promised order.
     *
     * @param values texts as they are stored, by column of the pipeline; at least one column
     * @param limit at most so many, at least 0
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public Sample find(Map<String, List<String>> values, int limit) {
        String where = values.keySet().stream()
                .map(column -> checked(column) + " = ANY (?)")
                .collect(Collectors.joining(" OR ", " WHERE ", ""));
        return database.transact(action, connection -> sample(connection, where, List.copyOf(values.values()), limit));
    }

    private Sample sample(Connection connection, String where, List<List<String>> values, int limit)
            throws SQLException {
        String columns = spec.columns().stream()
                .map(column -> Identifiers.quoted(column.name()) + "::text")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + columns + " FROM " + table + where + " LIMIT ?";
        List<Header> headers = spec.columns().stream()
                .map(column -> new Header(column.name(), column.type().sql()))
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                statement.setArray(
                        i + 1, connection.createArrayOf("text", values.get(i).toArray()));
            }
            statement.setInt(values.size() + 1, limit);
            ResultSet found = statement.executeQuery();
            List<List<@Nullable String>> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(row(found, headers.size()));
            }
            return new Sample(headers, rows);
        }
    }

    private static List<@Nullable String> row(ResultSet found, int width) throws SQLException {
        List<@Nullable String> row = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            row.add(found.getString(i));
        }
        return Collections.unmodifiableList(row);
    }

    /**
     * How many rows the table has, counted: reads all of it.
     *
     * @throws InfrastructureException as {@link #show}
     */
    public long count() {
        return database.transact(action, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM " + table)) {
                ResultSet found = statement.executeQuery();
                found.next();
                return found.getLong(1);
            }
        });
    }

    /**
     * Values that stand in more than one row, or, with {@code by}, in rows of more than one value of that column: a device
     * shared by several users. Those shared most come first.
     *
     * @param column a column of the pipeline
     * @param by another one; null to count rows only
     * @param limit at most so many, at least 0
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public List<Shared> duplicates(String column, @Nullable String by, int limit) {
        String value = checked(column);
        String distinct = by == null ? "0" : "count(DISTINCT " + checked(by) + ")";
        String measure = by == null ? "count(*)" : distinct;
        String sql = "SELECT " + value + "::text, count(*), " + distinct + " FROM " + table + " WHERE " + value
                + " IS NOT NULL GROUP BY " + value + " HAVING " + measure + " > 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT ?";
        return database.transact(action, connection -> shared(connection, sql, by != null, limit));
    }

    private static List<Shared> shared(Connection connection, String sql, boolean counted, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            ResultSet found = statement.executeQuery();
            List<Shared> values = new ArrayList<>();
            while (found.next()) {
                values.add(new Shared(found.getString(1), found.getLong(2), counted ? found.getLong(3) : null));
            }
            return values;
        }
    }

    private String checked(String column) {
        if (spec.columns().stream().noneMatch(known -> known.name().equals(column))) {
            throw new InfrastructureException(
                    Kind.CONFIG, "pipeline " + spec.name() + " has no column of the name that was given");
        }
        return Identifiers.quoted(column);
    }

    /**
     * @param name the column's name
     * @param type the pipeline's type of it, as SQL
     */
    public record Header(String name, String type) {}

    /**
     * Rows as text, PostgreSQL's own; null is NULL.
     *
     * @param columns one header per column
     * @param rows each as wide as {@code columns}
     */
    public record Sample(List<Header> columns, List<List<@Nullable String>> rows) {

        /** Copies the lists. */
        public Sample {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        /** How large it is, no value: not every column is masked. */
        @Override
        public String toString() {
            return "Sample[" + columns.size() + " columns, " + rows.size() + " rows]";
        }
    }

    /**
     * @param value as it is stored, masked if its column is
     * @param rows in how many rows it stands
     * @param distinct how many values of the other column those rows have; null when none was asked for
     */
    public record Shared(String value, long rows, @Nullable Long distinct) {

        /** No value: not every column is masked. */
        @Override
        public String toString() {
            return "Shared[in " + rows + " rows]";
        }
    }
}
