package dev.sluice.recovery.subject;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a subject's rows as they are stored: the pipeline's columns as PostgreSQL's text. For a masked column the caller must
 * have permission to look up the value ({@link dev.sluice.recovery.unmask.RecoveryPolicy#find}). Methods throw {@link
 * dev.sluice.failure.InfrastructureException} when the table cannot be read. Thread-safe.
 */
final class SubjectRows {

    /** Rows that the driver holds at a time. */
    private static final int FETCH_SIZE = 500;

    private final Database database;
    private final PipelineSpec spec;
    private final String table;
    private final String action;

    SubjectRows(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
        this.table = Identifiers.quoted(database.located(spec.sink()));
        this.action = "read rows of table " + spec.sink().qualifiedName();
    }

    long count(Subject subject) {
        return database.transact(action, connection -> subject.query(connection, "SELECT count(*) FROM " + table, "")
                .number());
    }

    /**
     * The distinct values of some columns in the subject's rows, by column.
     *
     * @param limit at most so many of each column
     */
    Map<String, List<String>> distinct(Subject subject, List<String> columns, int limit) {
        return database.transact(action, connection -> {
            Map<String, List<String>> values = new LinkedHashMap<>();
            for (String column : columns) {
                values.put(column, distinct(connection, subject, Identifiers.quoted(column), limit));
            }
            return values;
        });
    }

    private List<String> distinct(Connection connection, Subject subject, String column, int limit)
            throws SQLException {
        return subject.query(
                        connection,
                        "SELECT DISTINCT " + column + "::text FROM " + table,
                        " AND " + column + " IS NOT NULL ORDER BY 1 LIMIT ?",
                        limit)
                .list(row -> row.getString(1));
    }

    /** Passes on every row, in no particular order: a value for each column of the pipeline, null for NULL. */
    void forEach(Subject subject, Consumer<List<@Nullable String>> reader) {
        String columns = spec.columns().stream()
                .map(Column::name)
                .map(name -> Identifiers.quoted(name) + "::text")
                .collect(Collectors.joining(", "));
        database.transact(action, connection -> {
            subject.query(connection, "SELECT " + columns + " FROM " + table, "")
                    .forEachWhile(FETCH_SIZE, row -> {
                        reader.accept(values(row));
                        return true;
                    });
            return true;
        });
    }

    private List<@Nullable String> values(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 1; i <= spec.columns().size(); i++) {
            values.add(row.getString(i));
        }
        return values;
    }
}
