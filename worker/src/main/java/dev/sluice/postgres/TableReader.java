package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.schema.TableSize;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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

    /** 128 MiB: a second or two from a slow disk. */
    private static final long RANGE_BLOCKS = 16_384;

    /** Up to 2 GiB, PostgreSQL reads a table in several processes in a few seconds, a range in one only. */
    private static final long RANGES_AT_LEAST = 16;

    /** The first version with range scans over tuple ids; before it, each range would read the whole table. */
    private static final int RANGES_SINCE = 14;

    /** Reading a table again takes less than sorting so many rows, half a minute or so. */
    private static final long ROWS_PER_PART = 4_000_000;

    /** Each reads the whole table. */
    private static final int MAX_PARTS = 16;

    private static final String USUAL_SUBJECT = "user_id";

    private final Database database;
    private final PipelineSpec spec;
    private final String table;
    private final String action;
    private final long rangeBlocks;

    /** @throws InfrastructureException when the table's schema cannot be looked up */
    public TableReader(Database database, PipelineSpec spec) {
        this(database, spec, RANGE_BLOCKS);
    }

    /** @param rangeBlocks how many blocks {@link #find} reads at once */
    TableReader(Database database, PipelineSpec spec, long rangeBlocks) {
        this.rangeBlocks = rangeBlocks;
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
     * Rows in which a column has one of some values, in no guaranteed order. Without an index on the columns the whole table is
     * read, a large one range by range: no statement runs for long, and the caller can show how far it is.
     *
     * @param values texts as they are stored, by column of the pipeline; at least one column
     * @param limit at most so many, at least 0
     * @param listener called after each range, not at all if there are none
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public RowSample find(Map<String, List<String>> values, int limit, ScanListener listener) {
        String where = values.keySet().stream()
                .map(column -> checked(column) + " = ANY (?)")
                .collect(Collectors.joining(" OR ", " WHERE (", ")"));
        List<List<String>> parameters = List.copyOf(values.values());
        long blocks = database.transact(action, connection -> blocksToScan(connection, where, parameters));
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (long from = 0; from <= blocks && rows.size() < limit; from += rangeBlocks) {
            String range = where + range(from, blocks);
            int left = limit - rows.size();
            rows.addAll(database.transact(action, connection -> sample(connection, range, parameters, left))
                    .rows());
            if (blocks > 0) {
                listener.reached(Math.min(from + rangeBlocks, blocks), blocks);
            }
        }
        return new RowSample(headers(), rows);
    }

    /** 0 for a table that is read in one statement: because it is small, has an index for this, or has partitions. */
    private long blocksToScan(Connection connection, String where, List<List<String>> values) throws SQLException {
        long blocks = Query.of(connection, PAGES, table).number();
        if (blocks <= RANGES_AT_LEAST * rangeBlocks
                || connection.getMetaData().getDatabaseMajorVersion() < RANGES_SINCE) {
            return 0;
        }
        Object[] parameters = values.stream().map(Query::texts).toArray();
        boolean isScan = Query.of(connection, "EXPLAIN SELECT FROM " + table + where, parameters)
                .list(line -> line.getString(1))
                .stream()
                .anyMatch(line -> line.contains("Seq Scan"));
        return isScan ? blocks : 0;
    }

    /** The last range has no end: rows may have come since. */
    private String range(long from, long blocks) {
        long to = from + rangeBlocks;
        return (from == 0 ? "" : " AND ctid >= '(" + from + ",0)'::tid")
                + (to > blocks ? "" : " AND ctid < '(" + to + ",0)'::tid");
    }

    private RowSample sample(Connection connection, String where, List<List<String>> values, int limit)
            throws SQLException {
        String columns = spec.columns().stream()
                .map(column -> Identifiers.quoted(column.name()) + "::text")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + columns + " FROM " + table + where + " LIMIT ?";
        List<Header> headers = headers();
        List<Object> parameters = new ArrayList<>();
        values.forEach(ofColumn -> parameters.add(Query.texts(ofColumn)));
        parameters.add(limit);
        return new RowSample(
                headers, Query.of(connection, sql, parameters.toArray()).list(found -> row(found, headers.size())));
    }

    private List<Header> headers() {
        return spec.columns().stream()
                .map(column -> new Header(column.name(), column.type().sql()))
                .toList();
    }

    private static List<@Nullable String> row(ResultSet found, int width) throws SQLException {
        List<@Nullable String> row = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            row.add(found.getString(i));
        }
        return Collections.unmodifiableList(row);
    }

    /**
     * How many rows the table has: counted, or of a large table estimated from a few blocks.
     *
     * @throws InfrastructureException as {@link #show}
     */
    public TableSize size() {
        return database.transact(action, connection -> TableSize.of(connection, table));
    }

    /**
     * Values that occur in more than one row, or, with {@code by}, in rows with more than one value of that column: a device
     * shared by several users. The most shared come first. Reads the whole table once per {@link #parts part}, so the
     * database should be one for maintenance.
     *
     * @param column a column of the pipeline
     * @param by another one; null to count rows only
     * @param limit at most so many, at least 0
     * @param parts how many statements to make: each counts its share of the values, in a transaction of its own
     * @param partDone called after each
     * @throws InfrastructureException CONFIG when the pipeline has no such column, else as {@link #show}
     */
    public List<Shared> duplicates(String column, @Nullable String by, int limit, int parts, Runnable partDone) {
        String value = checked(column);
        String subject = by == null ? null : checked(by);
        List<Shared> shared = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int part = i;
            shared.addAll(database.transact(
                    action, connection -> duplicates(connection, table, value, subject, limit, part, parts)));
            shared.sort(Shared.MOST_SHARED_FIRST);
            shared.subList(Math.min(limit, shared.size()), shared.size()).clear();
            partDone.run();
        }
        return shared;
    }

    /**
     * In how many parts {@link #duplicates} counts best: one for a table of a few million rows; more for a larger one, so that
     * a part sorts fewer rows, and progress can be shown.
     *
     * @throws InfrastructureException as {@link #show}
     */
    public int parts() {
        return parts(size().rows());
    }

    /** By the number of rows. */
    public static int parts(long rows) {
        return Math.clamp(rows / ROWS_PER_PART + 1, 1, MAX_PARTS);
    }

    /**
     * The same in a sample from all over the table. What many rows share stands out in it; the counts are those of the sample.
     *
     * @param rows of the sample, about, at least 1; of a view, its first ones
     */
    public List<Shared> duplicatesWithin(int rows, String column, @Nullable String by, int limit) {
        String value = checked(column);
        String subject = by == null ? null : checked(by);
        String columns = value + (subject == null || subject.equals(value) ? "" : ", " + subject);
        return database.transact(action, connection -> {
            String sample = table + TableSize.sample(connection, table, rows);
            String from = "(SELECT " + columns + " FROM " + sample + " LIMIT " + rows + ") AS part";
            return duplicates(connection, from, value, subject, limit, 0, 1);
        });
    }

    // Ties come in the order of their bytes, whatever the database's collation, so that parts merge into the same
    // order.
    // hashtext is PostgreSQL's own hash of texts, undocumented but in all its versions.
    private static List<Shared> duplicates(
            Connection connection, String from, String value, @Nullable String by, int limit, int part, int parts)
            throws SQLException {
        String distinct = by == null ? "0" : "count(DISTINCT " + by + ")";
        String measure = by == null ? "count(*)" : distinct;
        String ofPart =
                parts == 1 ? "" : " AND (hashtext(" + value + "::text)::bigint + 2147483648) % " + parts + " = " + part;
        String sql = "SELECT " + value + "::text COLLATE \"C\", count(*), " + distinct + " FROM " + from + " WHERE "
                + value + " IS NOT NULL" + ofPart + " GROUP BY " + value + " HAVING " + measure
                + " > 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT ?";
        return Query.of(connection, sql, limit)
                .list(row -> new Shared(row.getString(1), row.getLong(2), by == null ? null : row.getLong(3)));
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

    /** Hears how far a search is. */
    @FunctionalInterface
    public interface ScanListener {

        /**
         * @param blocks read so far
         * @param total how many the table had when the search began
         */
        void reached(long blocks, long total);
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

        private static final Comparator<Shared> MOST_SHARED_FIRST = Comparator.comparingLong(
                        (Shared shared) -> shared.distinct == null ? 0 : shared.distinct)
                .thenComparingLong(Shared::rows)
                .reversed()
                .thenComparing(Shared::value);

        /** No value: not every column is masked. */
        @Override
        public String toString() {
            return "Shared[in " + rows + " rows]";
        }
    }
}
