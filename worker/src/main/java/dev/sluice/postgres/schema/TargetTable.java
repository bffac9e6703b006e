package dev.sluice.postgres.schema;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table for the pipeline's rows. Created exactly as the pipeline file says when missing, never altered. An existing table
 * is used as it is, provided that every value of the pipeline fits in unchanged: wider texts and numbers are fine, and a bigint
 * for an integer. Thread-safe.
 */
public final class TargetTable {

    private static final String SUBJECT = "target table";

    private final PipelineSpec spec;

    /** @param spec names the table and its columns */
    public TargetTable(PipelineSpec spec) {
        this.spec = spec;
    }

    private TargetTable in(Database database) {
        return new TargetTable(database.located(spec));
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

    // Two CREATE TABLE IF NOT EXISTS at once can collide in the catalog, hence the mutex. IF NOT EXISTS needs the
    // privilege to create even where there is nothing to do, hence the check before it.
    private boolean createIfMissing(Connection connection, @Nullable String partitionColumn) throws SQLException {
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
        if (!exists(connection)) {
            return List.of(mismatch(
                    "table " + name() + " does not exist (or is not on the search path); `sluice migrate` creates it"));
        }
        List<Finding> problems = new ArrayList<>();
        String unfit = unfitness(connection);
        if (unfit != null) {
            problems.add(mismatch("table " + name() + " " + unfit));
        }
        Map<String, TableColumn> present = TableColumn.of(connection, table());
        spec.columns().forEach(column -> compare(column, present.get(column.name()), problems));
        requireOthersFillThemselves(present, problems);
        return problems;
    }

    /** @throws InfrastructureException of the first problem's kind, naming all of them */
    public void requireFit(Connection connection) throws SQLException {
        List<Finding> problems = differences(connection);
        if (!problems.isEmpty()) {
            throw new InfrastructureException(
                    problems.getFirst().kind(),
                    problems.stream().map(Finding::message).collect(Collectors.joining("; ")));
        }
    }

    private void compare(PipelineSpec.Column column, @Nullable TableColumn present, List<Finding> problems) {
        String where = "column " + column.name() + " of table " + name();
        if (present == null) {
            problems.add(mismatch(where + " is missing; the pipeline requires "
                    + column.type().sql()));
            return;
        }
        if (!present.takes(column.type())) {
            problems.add(mismatch(where + " is " + present.sqlType() + ", which does not take every "
                    + column.type().sql() + "; alter the column, or change the pipeline"));
        }
        if (present.generated()) {
            problems.add(mismatch(where + " is generated and cannot be written"));
        }
        if (present.notNull() && !column.required() && column.fallback() == null) {
            problems.add(
                    mismatch(
                            where
                                    + " is NOT NULL, but the pipeline may leave it null; make it required, give it a default, or drop NOT NULL"));
        }
        if (!present.insertable()) {
            problems.add(Finding.fail(
                    SUBJECT, Kind.NOT_PERMITTED, where + " may not be written by this user; GRANT INSERT"));
        }
    }

    private void requireOthersFillThemselves(Map<String, TableColumn> present, List<Finding> problems) {
        Set<String> filled = new HashSet<>();
        spec.columns().forEach(column -> filled.add(column.name()));
        for (TableColumn column : present.values()) {
            if (column.notNull() && !column.fillsItself() && !filled.contains(column.name())) {
                problems.add(mismatch("column " + column.name() + " of table " + name()
                        + " is NOT NULL without a default, and the pipeline does not fill it"));
            }
        }
    }

    private static Finding mismatch(String message) {
        return Finding.fail(SUBJECT, Kind.CONFIG, message);
    }

    private String name() {
        return spec.sink().qualifiedName();
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
