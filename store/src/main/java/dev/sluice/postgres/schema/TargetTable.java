package dev.sluice.postgres.schema;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table for the pipeline's rows. Created exactly as the pipeline file says when missing, never altered. An existing table
 * is used as it is, provided that every value of the pipeline fits in unchanged: wider texts and numbers are fine, and a bigint
 * for an integer. Thread-safe.
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

    /** For a pipeline whose table has its schema; leaves the search path fixed. */
    TargetTable in(Connection connection) throws SQLException {
        return new TargetTable(spec.into(SearchPath.locate(connection, spec.sink())));
    }

    /** With its schema, which must be known by then. */
    private String table() {
        return Identifiers.quoted(spec.sink());
    }

    /**
     * Creates the table unless it exists: the columns in order, types only. Two workers may call this at once.
     *
     * @param partitionColumn for monthly partitions, a date or point in time of the pipeline; null for none
     * @return whether it was created
     * @throws InfrastructureException NOT_PERMITTED without the right to create it, CONFIG when its schema does not exist or
     *     when the table exists and is not partitioned so
     */
    public boolean createIfMissing(Database database, @Nullable String partitionColumn) {
        TargetTable located = in(database);
        return Mutex.TARGET.transact(
                database, "create table " + name(), connection -> located.createIfMissing(connection, partitionColumn));
    }

    /**
     * Creates the schema that the pipeline names for its table unless it exists; this user owns it.
     *
     * @return whether it was created
     * @throws InfrastructureException NOT_PERMITTED without the right to create schemas in the database
     */
    public boolean createSchemaIfMissing(Database database) {
        TargetTable located = in(database);
        return database.transact("create the schema of table " + name(), connection -> {
            boolean isMissing = !located.hasSchema(connection);
            if (isMissing) {
                Query.execute(connection, located.schemaDefinition());
            }
            return isMissing;
        });
    }

    // Two CREATE TABLE IF NOT EXISTS at once can collide in the catalog, hence the mutex. IF NOT EXISTS needs the
    // privilege to create even where there is nothing to do, hence the check before it.
    private boolean createIfMissing(Connection connection, @Nullable String partitionColumn) throws SQLException {
        requireSchema(connection);
        boolean isMissing = !exists(connection);
        if (isMissing) {
            Mutex.TARGET.take(connection);
            isMissing = !exists(connection);
        }
        if (partitionColumn == null) {
            if (isMissing) {
                Query.execute(connection, definition());
            }
        } else if (isMissing) {
            TablePartitions.create(connection, spec.sink(), definition(), partitionColumn);
        } else {
            TablePartitions.require(connection, spec.sink(), partitionColumn);
        }
        return isMissing;
    }

    private void requireSchema(Connection connection) throws SQLException {
        if (!hasSchema(connection)) {
            throw new InfrastructureException(
                    Kind.CONFIG, missingSchema().finding().message());
        }
    }

    private TableDifference missingSchema() {
        return new TableDifference(
                Kind.CONFIG,
                "schema " + spec.sink().schema() + " of table " + name() + " does not exist",
                "`sluice migrate --create-schema` creates it",
                schemaDefinition());
    }

    /**
     * What {@code sluice migrate} would run for the table, without semicolons; empty when it exists. Leaves the search path
     * fixed.
     *
     * @param partitionColumn as for {@link #createIfMissing}
     * @param createSchema whether the schema may be created
     * @throws InfrastructureException CONFIG when its schema does not exist and may not be created
     */
    List<String> creation(Connection connection, @Nullable String partitionColumn, boolean createSchema)
            throws SQLException {
        TargetTable located = in(connection);
        List<String> statements = new ArrayList<>();
        if (!located.hasSchema(connection) && createSchema) {
            statements.add(located.schemaDefinition());
        } else {
            located.requireSchema(connection);
        }
        if (located.exists(connection)) {
            return statements;
        }
        if (partitionColumn == null) {
            statements.add(located.definition());
        } else {
            statements.addAll(TablePartitions.creation(located.spec.sink(), located.definition(), partitionColumn));
        }
        return statements;
    }

    private String schemaDefinition() {
        return "CREATE SCHEMA " + Identifiers.quoted(schema());
    }

    private String schema() {
        return Objects.requireNonNullElse(
                spec.sink().schema(), Objects.requireNonNullElse(spec.sink().foundIn(), ""));
    }

    private String definition() {
        return spec.columns().stream()
                .map(column ->
                        Identifiers.quoted(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", ", "CREATE TABLE IF NOT EXISTS " + table() + " (", ")"));
    }

    /**
     * Compares the pipeline with the table.
     *
     * @return a failure for each reason why the table cannot take rows: CONFIG, or NOT_PERMITTED for a missing grant; empty
     *     when a run would work
     * @throws InfrastructureException when the table cannot be read
     */
    public List<Finding> differences(Database database) {
        TargetTable located = in(database);
        return database.transact("check table " + name(), located::differences);
    }

    /** The same, on the fixed search path, for a pipeline whose table has its schema. */
    List<Finding> differences(Connection connection) throws SQLException {
        return drift(connection).stream().map(TableDifference::finding).toList();
    }

    /** The same, with the statements that would bring the table in line. */
    List<TableDifference> drift(Connection connection) throws SQLException {
        if (!exists(connection)) {
            return List.of(hasSchema(connection) ? missingTable() : missingSchema());
        }
        List<TableDifference> drift = new ArrayList<>();
        String unfit = unfitness(connection);
        if (unfit != null) {
            drift.add(new TableDifference(Kind.CONFIG, "table " + name() + " " + unfit, null, null));
        }
        // The driver knows it: a batch with a rejected row comes by here, and each statement costs a round trip.
        String user = connection.getMetaData().getUserName();
        drift.addAll(TableDifferences.of(spec, TableColumn.of(connection, table()), user));
        return drift;
    }

    private TableDifference missingTable() {
        return new TableDifference(
                Kind.CONFIG,
                "table " + name() + " does not exist (or is not on the search path)",
                "`sluice migrate` creates it",
                null);
    }

    /** @throws InfrastructureException of the first problem's kind, naming all of them */
    public void requireFit(Connection connection) throws SQLException {
        List<Finding> problems = differences(connection);
        if (!problems.isEmpty()) {
            throw new InfrastructureException(
                    problems.get(0).kind(),
                    problems.stream().map(Finding::message).collect(Collectors.joining("; ")));
        }
    }

    private String name() {
        return spec.sink().qualifiedName();
    }

    private boolean hasSchema(Connection connection) throws SQLException {
        return Query.of(connection, "SELECT to_regnamespace(?) IS NOT NULL", Identifiers.quoted(schema()))
                .isTrue();
    }

    private boolean exists(Connection connection) throws SQLException {
        return Query.of(connection, "SELECT to_regclass(?) IS NOT NULL", table())
                .isTrue();
    }

    // COPY rejects views, some foreign tables, and any table whose row-level security applies to the user.
    private @Nullable String unfitness(Connection connection) throws SQLException {
        String kind = Query.of(
                        connection,
                        "SELECT CASE WHEN relkind NOT IN ('r', 'p') THEN 'other' WHEN row_security_active(oid) THEN 'secured'"
                                + " ELSE '' END FROM pg_catalog.pg_class WHERE oid = ?::regclass",
                        table())
                .text();
        return switch (kind) {
            case "other" -> "is not an ordinary table (a view?), so COPY cannot write it";
            case "secured" ->
                "has row-level security for this user, which COPY does not support; use a role with BYPASSRLS";
            default -> null;
        };
    }
}
