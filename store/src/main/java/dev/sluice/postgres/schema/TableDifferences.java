package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the columns of an existing table with the pipeline's, and finds the statements that would close the gap. */
final class TableDifferences {

    private final PipelineSpec spec;
    private final String user;
    private final List<TableDifference> found = new ArrayList<>();

    private TableDifferences(PipelineSpec spec, String user) {
        this.spec = spec;
        this.user = user;
    }

    /**
     * @param spec whose table has its schema
     * @param present the table's columns by name
     * @param user who is to write the table
     */
    static List<TableDifference> of(PipelineSpec spec, Map<String, TableColumn> present, String user) {
        TableDifferences differences = new TableDifferences(spec, user);
        spec.columns().forEach(column -> differences.compare(column, present.get(column.name())));
        differences.requireOthersFillThemselves(present);
        return differences.found;
    }

    private void compare(PipelineSpec.Column column, @Nullable TableColumn present) {
        String where = where(column.name());
        String required = column.type().sql();
        if (present == null) {
            alter(
                    where + " is missing; the pipeline requires " + required,
                    "ADD COLUMN " + Identifiers.quoted(column.name()) + " " + required);
            return;
        }
        if (!present.takes(column.type())) {
            found.add(new TableDifference(
                    Kind.CONFIG,
                    where + " is " + present.sqlType() + ", which does not take every " + required,
                    "change the pipeline",
                    table() + alterColumn(column) + newType(column, present)));
        }
        if (present.generated()) {
            alter(where + " is generated and cannot be written", alterColumn(column) + "DROP EXPRESSION");
        }
        if (present.notNull() && !column.required() && column.fallback() == null) {
            found.add(new TableDifference(
                    Kind.CONFIG,
                    where + " is NOT NULL, but the pipeline may leave it null",
                    "make it required or give it a default in the pipeline",
                    table() + alterColumn(column) + "DROP NOT NULL"));
        }
        if (!present.insertable()) {
            found.add(new TableDifference(
                    Kind.NOT_PERMITTED,
                    where + " may not be written by this user",
                    "log in as a member of sluice_writer (`sluice migrate --roles`)",
                    "GRANT INSERT ON TABLE " + Identifiers.quoted(spec.sink()) + " TO " + Identifiers.quoted(user)));
        }
    }

    private void requireOthersFillThemselves(Map<String, TableColumn> present) {
        Set<String> filled = new HashSet<>();
        spec.columns().forEach(column -> filled.add(column.name()));
        for (TableColumn column : present.values()) {
            if (column.notNull() && !column.fillsItself() && !filled.contains(column.name())) {
                alter(
                        where(column.name()) + " is NOT NULL without a default, and the pipeline does not fill it",
                        "ALTER COLUMN " + Identifiers.quoted(column.name()) + " DROP NOT NULL");
            }
        }
    }

    // A text needs no USING, and a cast would truncate it in silence; without one, PostgreSQL reports what does not
    // fit.
    private static String newType(PipelineSpec.Column column, TableColumn present) {
        boolean isText = column.type() instanceof ColumnType.Varchar || column.type() == ColumnType.Simple.TEXT;
        String type = present.widened(column.type());
        return "TYPE " + type + (isText ? "" : " USING " + Identifiers.quoted(column.name()) + "::" + type);
    }

    private void alter(String problem, String change) {
        found.add(new TableDifference(Kind.CONFIG, problem, null, table() + change));
    }

    private static String alterColumn(PipelineSpec.Column column) {
        return "ALTER COLUMN " + Identifiers.quoted(column.name()) + " ";
    }

    private String table() {
        return "ALTER TABLE " + Identifiers.quoted(spec.sink()) + " ";
    }

    private String where(String column) {
        return "column " + column + " of table " + spec.sink().qualifiedName();
    }
}
