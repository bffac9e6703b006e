package dev.sluice.postgres.schema;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.SearchPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code sluice migrate} would run, as SQL that psql runs in one transaction; then, as comments, what it never runs: the
 * statements that would bring an existing table in line with the pipeline. Reads the database and writes nothing. Stateless.
 */
public final class MigrationScript {

    private static final String NOT_RUN =
            """

            -- Not run by `sluice migrate`, which never alters a table. Review each statement before you run it: it takes an
            -- exclusive lock, and a change of type may rewrite the table and convert its values.
            """;

    private final StringBuilder script = new StringBuilder();

    private MigrationScript() {}

    /**
     * @param partitionBy as for {@link TargetTable#createIfMissing}
     * @param createSchema whether the script may create the table's schema
     * @param roles whether the group roles are wanted
     * @throws dev.sluice.failure.InfrastructureException when the database cannot be read, and CONFIG when the table's schema
     *     does not exist and may not be created
     */
    public static String of(
            DatabaseSettings address,
            PipelineSpec spec,
            @Nullable String partitionBy,
            boolean createSchema,
            boolean roles) {
        List<String> migrations = new Migrations(address).script();
        return Connections.once(address, "read the schema and the table", connection -> {
            TargetTable table = new TargetTable(spec);
            List<String> creation = table.creation(connection, partitionBy, createSchema);
            MigrationScript text = new MigrationScript();
            text.comment("What `sluice migrate` would run at " + address.place() + ". Nothing was run.");
            text.line("BEGIN;");
            text.migrations(migrations);
            text.part("Table " + spec.sink().qualifiedName(), creation);
            if (roles && migrations.isEmpty() && creation.isEmpty()) {
                text.part("Roles", new Roles(spec).statements(connection));
            } else if (roles) {
                text.comment("Roles: the grants name every table and function. When those above exist, run"
                        + " `sluice migrate --roles --print-sql` again.");
            }
            text.line("COMMIT;");
            if (creation.isEmpty()) {
                text.drift(table.in(connection).drift(connection));
            }
            return text.script.toString().strip();
        });
    }

    private void migrations(List<String> statements) {
        line("SET LOCAL search_path = sluice, pg_catalog, pg_temp;");
        part("Schema sluice", statements);
        line("SET LOCAL " + SearchPath.FIXED + ";");
    }

    private void part(String title, List<String> statements) {
        comment(title + (statements.isEmpty() ? ": nothing to do" : ""));
        statements.forEach(sql -> line(sql.endsWith(";") ? sql : sql + ";"));
    }

    private void drift(List<TableDifference> differences) {
        if (differences.isEmpty()) {
            return;
        }
        line(NOT_RUN.strip());
        for (TableDifference difference : differences) {
            comment(difference.problem());
            if (difference.sql() != null) {
                comment("  " + difference.sql() + ";");
            }
        }
    }

    // A name from the pipeline file or the catalog must not end the comment.
    private void comment(String text) {
        line("-- " + text.replaceAll("\\R", " "));
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
