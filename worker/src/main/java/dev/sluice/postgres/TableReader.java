package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the target table for people: only the pipeline's columns, as they are stored (masked), as text. Other columns of the
 * table are not shown, since they may not be masked. Thread-safe.
 */
public final class TableReader {

    /** Without the table's partitions: 0 for a table that has some, and for an empty one. */
    private static final String PAGES = "SELECT pg_relation_size(?::regclass) / current_setting('block_size')::bigint";

    /** Of 8 KiB, with 30 or more rows each. */
    private static final long LAST_PAGES = 64;

    private static final String USUAL_SUBJECT = "user_id";

    private final Database database;
    private final PipelineSpec spec;
    private final String table;
    private final String action;

    /** @throws InfrastructureException when the table's schema cannot be looked up */
    public TableReader(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
        this.table = Identifiers.quoted(database.located(spec.sink()));
        this.action = "read table " + spec.sink().qualifiedName();
    }

    /**
     * Some rows, in no guaranteed order: nothing in the table says which row is the newest. Rows of small tables come in the
     * order in which they were written.
     *
     * @param limit at most so many, at least 0
     * @throws InfrastructureException when the table is missing or not readable, or the database unavailable
     */
    public RowSample show(int limit) {
        return database.transact(action, connection -> sample(connection, "", List.of(), limit));
    }

    /**
     * The rows at the end of the table, the last one first. Of a table that only grows, as Sluice's does unless rows are
     * deleted, these are the latest. A partitioned table has no one end: then they are in no order.
     *
     * @param limit at most so many, at least 0
     * @throws InfrastructureException as {@link #show}
     */
    public RowSample latest(int limit) {
        return database.transact(action, connection -> {
            long pages = Query.of(connection, PAGES, table).number();
            String end = " WHERE ctid >= '(" + Math.max(0, pages - LAST_PAGES) + ",0)'::tid ORDER BY ctid DESC";
            return sample(connection, pages == 0 ? "" : end, List.of(), limit);
        });
    }

    /**
     * Rows in which a column has one of some values, in no guaranteed order.
     *
     * @param values texts as they are stored, by column of the pipeline; at least one column
     * @param limit at most so many, at least 0
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public RowSample find(Map<String, List<String>> values, int limit) {
        String where = values.keySet().stream()
                .map(column -> checked(column) + " = ANY (?)")
                .collect(Collectors.joining(" OR ", " WHERE ", ""));
        return database.transact(action, connection -> sample(connection, where, List.copyOf(values.values()), limit));
    }

    private RowSample sample(Connection connection, String where, List<List<String>> values, int limit)
            throws SQLException {
        String columns = spec.columns().stream()
                .map(column -> Identifiers.quoted(column.name()) + "::text")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + columns + " FROM " + table + where + " LIMIT ?";
        List<Header> headers = spec.columns().stream()
                .map(column -> new Header(column.name(), column.type().sql()))
                .toList();
        List<Object> parameters = new ArrayList<>();
        values.forEach(ofColumn -> parameters.add(Query.texts(ofColumn)));
        parameters.add(limit);
        return new RowSample(
                headers, Query.of(connection, sql, parameters.toArray()).list(found -> row(found, headers.size())));
    }

    private static List<@Nullable String> row(ResultSet found, int width) throws SQLException {
        List<@Nullable String> row = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            row.add(found.getString(i));
        }
        return Collections.unmodifiableList(row);
    }

    /**
     * How many rows the table has. Reads all of it.
     *
     * @throws InfrastructureException as {@link #show}
     */
    public long count() {
        return database.transact(action, connection -> Query.of(connection, "SELECT count(*) FROM " + table)
                .number());
    }

    /**
     * Values that occur in more than one row, or, with {@code by}, in rows with more than one value of that column: a device
     * shared by several users. The most shared come first.
     *
     * @param column a column of the pipeline
     * @param by another one; null to count rows only
     * @param limit at most so many, at least 0
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public List<Shared> duplicates(String column, @Nullable String by, int limit) {
        return duplicates(column, by, limit, table);
    }

    /**
     * The same in a part of the table: reads so many rows, as they lie on disk.
     *
     * @param rows at least 1
     */
    public List<Shared> duplicatesWithin(int rows, String column, @Nullable String by, int limit) {
        String columns = checked(column) + (by == null || by.equals(column) ? "" : ", " + checked(by));
        return duplicates(column, by, limit, "(SELECT " + columns + " FROM " + table + " LIMIT " + rows + ") AS part");
    }

    private List<Shared> duplicates(String column, @Nullable String by, int limit, String from) {
        String value = checked(column);
        String distinct = by == null ? "0" : "count(DISTINCT " + checked(by) + ")";
        String measure = by == null ? "count(*)" : distinct;
        String sql = "SELECT " + value + "::text, count(*), " + distinct + " FROM " + from + " WHERE " + value
                + " IS NOT NULL GROUP BY " + value + " HAVING " + measure + " > 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT ?";
        return database.transact(action, connection -> Query.of(connection, sql, limit)
                .list(row -> new Shared(row.getString(1), row.getLong(2), by == null ? null : row.getLong(3))));
    }

    /** The columns whose equal masks say that values are equal, or addresses of one network. */
    public static List<String> joinable(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column -> column.mask() != null && groups(column.mask().kind()))
                .map(Column::name)
                .toList();
    }

    private static boolean groups(MaskKind kind) {
        return kind.distinguishes() || kind == MaskKind.GENERALIZE;
    }

    /** The column that identifies a user in the exercise; null if the pipeline has none of that name. */
    public static @Nullable String usualSubject(PipelineSpec spec) {
        return spec.columns().stream().anyMatch(column -> column.name().equals(USUAL_SUBJECT)) ? USUAL_SUBJECT : null;
    }

    private String checked(String column) {
        if (spec.columns().stream().noneMatch(known -> known.name().equals(column))) {
            throw new InfrastructureException(
                    Kind.CONFIG, "pipeline " + spec.name() + " has no column of the given name");
        }
        return Identifiers.quoted(column);
    }

    /**
     * @param name the column's name
     * @param type its type in the pipeline, as SQL
     */
    public record Header(String name, String type) {}

    /**
     * Rows as text, PostgreSQL's own; null is NULL.
     *
     * @param columns one header per column
     * @param rows each as wide as {@code columns}
     */
    public record RowSample(List<Header> columns, List<List<@Nullable String>> rows) {

        /** Copies the lists. */
        public RowSample {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        /** The size, no value: not every column is masked. */
        @Override
        public String toString() {
            return "RowSample[" + columns.size() + " columns, " + rows.size() + " rows]";
        }
    }

    /**
     * @param value as it is stored, masked if its column is
     * @param rows that have it
     * @param distinct values of the other column in those rows; null when there is no other column
     */
    public record Shared(String value, long rows, @Nullable Long distinct) {

        /** No value: not every column is masked. */
        @Override
        public String toString() {
            return "Shared[in " + rows + " rows]";
        }
    }
}
