package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A target table in monthly partitions, with a DEFAULT partition so that no row is rejected for its date. Sluice maintains only
 * tables that {@code sluice migrate --partition-by} created; others are their owners' responsibility. Stateless.
 */
public final class TablePartitions {

    /** PostgreSQL truncates names after 63 bytes; leaves space for {@code _default}. */
    private static final int LONGEST_NAME = 63 - "_default".length();

    /** {@code made} is 0, and {@code complete} true, for a table that Sluice does not maintain. */
    private static final String ENSURE = " FROM sluice.partitions_ensure(to_regclass(?))";

    private TablePartitions() {}

    /** The columns that can hold a row's age, dates and points in time, in the pipeline's order. */
    public static List<String> dates(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column ->
                        column.type() == ColumnType.Simple.DATE || column.type() == ColumnType.Simple.TIMESTAMPTZ)
                .map(PipelineSpec.Column::name)
                .toList();
    }

    /** Creates a missing table, partitioned, and the partitions that it needs today. */
    static void create(Connection connection, PipelineSpec.Sink sink, String definition, String column)
            throws SQLException {
        List<String> statements = creation(sink, definition, column);
        for (String statement : statements.subList(0, statements.size() - 1)) {
            Query.execute(connection, statement);
        }
        if (Query.of(connection, statements.get(statements.size() - 1)).number() == 0) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "table " + sink.qualifiedName() + " was not created: partitions are created as the owner of schema"
                            + " sluice, so migrate as that user");
        }
    }

    /** The statements of {@link #create}; the last one returns how many partitions it created. */
    static List<String> creation(PipelineSpec.Sink sink, String definition, String column) {
        if (sink.table().length() > LONGEST_NAME) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the name of a partitioned table has at most " + LONGEST_NAME + " characters; rename "
                            + sink.qualifiedName() + " in the pipeline");
        }
        PipelineSpec.Sink rest = new PipelineSpec.Sink(
                sink.schema(), sink.table() + "_default", sink.reject(), sink.rowsTakenByTrigger(), sink.foundIn());
        String table = Identifiers.quoted(sink);
        String literal = "'" + table.replace("'", "''") + "'::regclass";
        return List.of(
                definition + " PARTITION BY RANGE (" + Identifiers.quoted(column) + ")",
                "CREATE TABLE " + Identifiers.quoted(rest) + " PARTITION OF " + table + " DEFAULT",
                // The oid of a dropped table may be given to another table.
                "DELETE FROM sluice.partitioned AS known"
                        + " WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = known.target)",
                "INSERT INTO sluice.partitioned VALUES (" + literal + ")",
                "SELECT made FROM sluice.partitions_ensure(" + literal + ")");
    }

    /** @throws InfrastructureException CONFIG unless the table is partitioned by that column alone */
    static void require(Connection connection, PipelineSpec.Sink sink, String column) throws SQLException {
        if (column(connection, sink).filter(column::equals).isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + sink.qualifiedName() + " exists and is not partitioned by " + column
                            + "; Sluice never alters a table. Rename it, run this again, and copy its rows into the new one"
                            + " (docs/operate.md, Partitions)");
        }
    }

    /**
     * Creates the partitions of the coming months, by the database's clock.
     *
     * @return whether all exist; false when another session held a lock for more than a second. True for a table that Sluice
     *     does not maintain
     */
    public static boolean prepare(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        return Query.of(connection, "SELECT complete" + ENSURE, Identifiers.quoted(sink))
                .isTrue();
    }

    /** The single column by whose ranges a table is partitioned; empty when it is not partitioned so. */
    public static Optional<String> column(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        return Query.of(
                        connection,
                        "SELECT attname FROM pg_partitioned_table JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]"
                                + " WHERE partrelid = to_regclass(?) AND partnatts = 1 AND partstrat = 'r'",
                        Identifiers.quoted(sink))
                .first(row -> row.getString(1));
    }

    /**
     * Drops the oldest partition if all its rows are of days before that day and Sluice maintains the table.
     *
     * @param before in UTC, yesterday at the latest
     * @return how many rows it held; empty when nothing was dropped
     * @throws SQLException with 55P03 when another session uses it; nothing is dropped then
     */
    public static Optional<Long> dropOldest(Connection connection, PipelineSpec.Sink sink, LocalDate before)
            throws SQLException {
        return Query.of(
                        connection,
                        "SELECT row_count FROM sluice.partition_drop(to_regclass(?), ?)",
                        Identifiers.quoted(sink),
                        before)
                .first(row -> row.getLong(1));
    }
}
