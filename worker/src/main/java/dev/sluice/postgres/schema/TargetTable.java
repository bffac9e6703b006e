package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Mutex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table that the pipeline's rows go to. Created exactly as the pipeline file says when missing, never altered. A table
 * that somebody else made is taken as it is, provided that every value the pipeline can make fits in unchanged: wider
 * texts and numbers will do, and a bigint for an integer. Thread-safe.
 */
public final class TargetTable {

    private final PipelineSpec spec;

    /** @param spec names the table and its columns */
    public TargetTable(PipelineSpec spec) {
        this.spec = spec;
    }

    private TargetTable in(Database database) {
        return new TargetTable(database.located(spec));
    }

    /** With its schema: asked for only when a database has said it. */
    private String table() {
        return Identifiers.quoted(spec.sink());
    }

    /**
     * Creates the table unless it exists: the columns in order, types only. Two workers may call at once.
     *
     * @return whether it was created
     * @throws InfrastructureException NOT_PERMITTED without the right to create it, CONFIG when its schema is missing
     */
    public boolean createIfMissing(Database database) {
        return createIfMissing(database, null);
    }

    /**
     * The same, partitioned by month.
     *
     * @param partitionColumn a date or point in time of the pipeline; null for a table without partitions
     * @throws InfrastructureException also CONFIG when the table is there and not partitioned so
     */
    public boolean createIfMissing(Database database, @Nullable String partitionColumn) {
        TargetTable located = in(database);
        return Mutex.TARGET.transact(
                database, "create table " + name(), connection -> located.createOrDemand(connection, partitionColumn));
    }

    private boolean createOrDemand(Connection connection, @Nullable String partitionColumn) throws SQLException {
        boolean created = createIfMissing(connection, partitionColumn);
        if (partitionColumn != null && !created) {
            TablePartitions.require(connection, spec.sink(), partitionColumn);
        }
        return created;
    }

    // The mutex, because two CREATE TABLE IF NOT EXISTS at once can collide in the catalog. Looked for first, because
    // IF NOT EXISTS asks for the right to create even where there is nothing to do.
    private boolean createIfMissing(Connection connection, @Nullable String partitionColumn) throws SQLException {
        if (exists(connection)) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            Mutex.TARGET.take(connection);
            if (exists(connection)) {
                return false;
            }
            if (partitionColumn == null) {
                statement.execute(definition());
            } else {
                TablePartitions.create(connection, spec.sink(), definition(), partitionColumn);
            }
            return true;
        }
    }

    private String definition() {
        return spec.columns().stream()
                .map(column ->
                        Identifiers.quoted(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", ", "CREATE TABLE IF NOT EXISTS " + table() + " (", ")"));
    }

    /**
     * Holds the pipeline against the table.
     *
     * @return what would keep rows out; empty when a run would work
     * @throws InfrastructureException when the database cannot be asked
     */
    public List<TableProblem> differences(Database database) {
        TargetTable located = in(database);
        return database.transact("look at table " + name(), located::differences);
    }

    /** The same, on the fixed search path, for a pipeline whose table has its schema. */
    List<TableProblem> differences(Connection connection) throws SQLException {
        if (!exists(connection)) {
            return List.of(TableProblem.mismatch(
                    "table " + name() + " does not exist (or not on the search path); `sluice migrate` creates it"));
        }
        List<TableProblem> problems = new ArrayList<>();
        String unfit = unfitness(connection);
        if (unfit != null) {
            problems.add(TableProblem.mismatch("table " + name() + " " + unfit));
        }
        Map<String, TableColumn> present = TableColumn.of(connection, table());
        spec.columns().forEach(column -> compare(column, present.get(column.name()), problems));
        requireOthersFillThemselves(present, problems);
        return problems;
    }

    /** @throws InfrastructureException of the first problem's kind, naming all of them */
    public void requireFit(Connection connection) throws SQLException {
        List<TableProblem> problems = differences(connection);
        if (!problems.isEmpty()) {
            Kind kind = problems.getFirst().kind();
            throw new InfrastructureException(
                    kind, problems.stream().map(TableProblem::message).collect(Collectors.joining("; ")));
        }
    }

    private void compare(PipelineSpec.Column column, @Nullable TableColumn present, List<TableProblem> problems) {
        String where = "column " + column.name() + " of table " + name();
        if (present == null) {
            problems.add(TableProblem.mismatch(
                    where + " is missing; the pipeline wants " + column.type().sql()));
            return;
        }
        if (!present.takes(column.type())) {
            problems.add(TableProblem.mismatch(where + " is " + present.sqlType() + ", which does not take every "
                    + column.type().sql() + "; alter the column, or change the pipeline"));
        }
        if (present.generated()) {
            problems.add(TableProblem.mismatch(where + " is generated and cannot be written"));
        }
        if (present.notNull() && !column.required() && column.fallback() == null) {
            problems.add(
                    TableProblem.mismatch(
                            where
                                    + " is NOT NULL, but the pipeline may leave it null; make it required, give it a default, or drop NOT NULL"));
        }
        if (!present.insertable()) {
            problems.add(TableProblem.notPermitted(where + " may not be written by this user; GRANT INSERT"));
        }
    }

    private void requireOthersFillThemselves(Map<String, TableColumn> present, List<TableProblem> problems) {
        Set<String> filled = new HashSet<>();
        spec.columns().forEach(column -> filled.add(column.name()));
        for (TableColumn column : present.values()) {
            if (column.notNull() && !column.fillsItself() && !filled.contains(column.name())) {
                problems.add(TableProblem.mismatch("column " + column.name() + " of table " + name()
                        + " is NOT NULL without a default, and the pipeline does not fill it"));
            }
        }
    }

    private String name() {
        return spec.sink().qualifiedName();
    }

    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table());
            ResultSet answer = statement.executeQuery();
            return answer.next() && answer.getBoolean(1);
        }
    }

    // COPY refuses views, foreign tables of some kinds, and any table whose row-level security binds the user.
    private @Nullable String unfitness(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT relkind IN ('r', 'p'), row_security_active(oid) FROM pg_catalog.pg_class WHERE oid = ?::regclass")) {
            statement.setString(1, table());
            ResultSet answer = statement.executeQuery();
            answer.next();
            if (!answer.getBoolean(1)) {
                return "is no ordinary table (a view?), so COPY cannot write it";
            }
            return answer.getBoolean(2)
                    ? "has row-level security for this user, which COPY refuses; use a role with BYPASSRLS"
                    : null;
        }
    }
}
