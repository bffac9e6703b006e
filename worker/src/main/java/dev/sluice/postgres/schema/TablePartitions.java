package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A target table in monthly partitions, with a DEFAULT partition so that no row is refused for its date. Only tables that
 * {@code sluice migrate --partition-by} made are kept so; others, partitioned or not, are their owners'. Stateless.
 */
public final class TablePartitions {

    /** PostgreSQL cuts names after 63 bytes; {@code _default} must fit behind. */
    private static final int LONGEST_NAME = 63 - "_default".length();

    private TablePartitions() {}

    /** The columns by which rows can be told apart by age, dates and points in time, in the pipeline's order. */
    public static List<String> dates(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column ->
                        column.type() == ColumnType.Simple.DATE || column.type() == ColumnType.Simple.TIMESTAMPTZ)
                .map(PipelineSpec.Column::name)
                .toList();
    }

    /** Creates a table that is not there, partitioned, and the partitions that it needs today. */
    static void create(Connection connection, PipelineSpec.Sink sink, String definition, String column)
            throws SQLException {
        if (sink.table().length() > LONGEST_NAME) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "a table in partitions has a name of " + LONGEST_NAME + " characters at most; rename "
                            + sink.qualifiedName() + " in the pipeline");
        }
        PipelineSpec.Sink rest = new PipelineSpec.Sink(
                sink.schema(), sink.table() + "_default", sink.reject(), sink.rowsTakenByTrigger(), sink.foundIn());
        try (Statement statement = connection.createStatement()) {
            statement.execute(definition + " PARTITION BY RANGE (" + Identifiers.quoted(column) + ")");
            statement.execute("CREATE TABLE " + Identifiers.quoted(rest) + " PARTITION OF " + Identifiers.quoted(sink)
                    + " DEFAULT");
            // The oid of a table that was dropped says nothing any more, and may come to be another table's.
            statement.execute("DELETE FROM sluice.partitioned AS known"
                    + " WHERE NOT EXISTS (SELECT FROM pg_class WHERE oid = known.target)");
        }
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO sluice.partitioned VALUES (?::regclass)")) {
            statement.setString(1, Identifiers.quoted(sink));
            statement.executeUpdate();
        }
        if (ensure(connection, sink).count() == 0) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "table " + sink.qualifiedName() + " was not created: partitions are made as the owner of schema"
                            + " sluice, so migrate as that user");
        }
    }

    /** @throws InfrastructureException CONFIG unless the table is partitioned by that column alone */
    static void require(Connection connection, PipelineSpec.Sink sink, String column) throws SQLException {
        if (column(connection, sink).filter(column::equals).isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + sink.qualifiedName() + " exists and is not partitioned by " + column
                            + "; a table is never altered. Rename it, call again, and copy its rows into the new one"
                            + " (docs/operate.md, Partitions)");
        }
    }

    /**
     * Makes the months to come, by the database's clock.
     *
     * @return whether all are there; false when somebody held a lock for more than a second. True for a table that Sluice
     *     does not keep
     */
    public static boolean prepare(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        return ensure(connection, sink).complete();
    }

    private static Made ensure(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT made, complete FROM sluice.partitions_ensure(to_regclass(?))")) {
            statement.setString(1, Identifiers.quoted(sink));
            ResultSet made = statement.executeQuery();
            made.next();
            return new Made(made.getInt(1), made.getBoolean(2));
        }
    }

    /** @param count 0 too for a table that Sluice does not keep */
    private record Made(int count, boolean complete) {}

    /** The only column by whose ranges a table is partitioned; empty when it is not, or otherwise. */
    public static Optional<String> column(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT attname FROM pg_partitioned_table JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]"
                        + " WHERE partrelid = to_regclass(?) AND partnatts = 1 AND partstrat = 'r'")) {
            statement.setString(1, Identifiers.quoted(sink));
            ResultSet found = statement.executeQuery();
            return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
        }
    }

    /**
     * Drops the oldest partition of which all rows are of days before that day, if there is one and Sluice keeps the table.
     *
     * @param before in UTC, yesterday at the latest
     * @return how many rows it held
     * @throws SQLException with 55P03 when somebody uses it; nothing is dropped then
     */
    public static Optional<Long> dropOldest(Connection connection, PipelineSpec.Sink sink, LocalDate before)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT row_count FROM sluice.partition_drop(to_regclass(?), ?)")) {
            statement.setString(1, Identifiers.quoted(sink));
            statement.setObject(2, before);
            ResultSet dropped = statement.executeQuery();
            return dropped.next() ? Optional.of(dropped.getLong(1)) : Optional.empty();
        }
    }
}
