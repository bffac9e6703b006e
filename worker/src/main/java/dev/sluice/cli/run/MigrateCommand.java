package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.Part;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.MigrationScript;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.Roles;
import dev.sluice.postgres.schema.TablePartitions;
import dev.sluice.postgres.schema.TargetTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice migrate}. */
@Command(
        name = "migrate",
        header = "Creates what is missing in the database.",
        description =
                "Schema sluice (ledger, quarantine, audit) is brought to this program's version. If the pipeline's table is"
                        + " missing, it is created exactly as the pipeline describes it; an existing table is never altered."
                        + " Safe to repeat.",
        footer = {
            "Examples:",
            "  sluice migrate --roles                      also create database roles",
            "  sluice migrate --print-sql                  show the statements, run nothing",
            "  sluice migrate --partition-by create_date   create a partitioned table"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.DATABASE})
public final class MigrateCommand extends CliCommand implements Runnable {

    @Option(
            names = "--roles",
            description =
                    "Create the group roles sluice_writer, sluice_analyst, sluice_recovery and sluice_operator, and"
                            + " grant each what its commands need.")
    boolean roles;

    @Option(
            names = "--partition-by",
            paramLabel = "COLUMN",
            description = "If the table is missing, create it with monthly partitions by this date or timestamp.")
    @Nullable
    String partitionBy;

    @Option(names = "--create-schema", description = "If the table's schema is missing, create it; this user owns it.")
    boolean createSchema;

    @Option(
            names = "--print-sql",
            description =
                    "Print what would run, and as comments the statements that would bring an existing table in line"
                            + " with the pipeline; run nothing. Needs no right to write.")
    boolean printSql;

    @Override
    public void run() {
        Assembly assembly = assembly();
        if (partitionBy != null) {
            requireOneOf(TablePartitions.dates(assembly.spec()), partitionBy, "--partition-by");
        }
        if (printSql) {
            printSql(assembly);
        } else {
            migrate(assembly);
        }
    }

    private void printSql(Assembly assembly) {
        String script =
                MigrationScript.of(assembly.settings().database(), assembly.spec(), partitionBy, createSchema, roles);
        print(new JsonLine().put("sql", script), script);
    }

    private void migrate(Assembly assembly) {
        int migrations = new Migrations(assembly.settings().database()).run();
        boolean tableCreated = createTable(assembly);
        List<String> rolesCreated = roles ? grant(assembly) : List.of();
        String table = assembly.spec().sink().qualifiedName();
        JsonLine json =
                new JsonLine().put("migrations", migrations).put("table", table).put("created", tableCreated);
        if (roles) {
            json.put("roles", Roles.NAMES).put("roles_created", rolesCreated);
        }
        print(json, text(migrations, table, tableCreated));
    }

    private boolean createTable(Assembly assembly) {
        try (Database database = assembly.database()) {
            boolean created = create(database, assembly, partitionBy, createSchema);
            database.openSchemas().forEach(open -> err().println("Warning: " + open + "."));
            return created;
        }
    }

    private String text(int migrations, String table, boolean created) {
        String text = migrations == 0
                ? "Schema sluice is current."
                : "Schema sluice: " + Counted.of(migrations, "migration") + " applied.";
        text += "\nTable " + table
                + (!created
                        ? " already exists."
                        : partitionBy == null
                                ? " created."
                                : " created, with monthly partitions by " + partitionBy + ".");
        if (!roles) {
            return text;
        }
        return text + "\nRoles " + String.join(", ", Roles.NAMES) + ": granted what their commands need, and no more.\n"
                + """
                None of them can log in. Create a login for each process and person, in psql as an administrator:
                  CREATE ROLE login_worker LOGIN IN ROLE sluice_writer;
                  \\password login_worker""";
    }

    /**
     * Brings the database up to date, without roles and partitions, and prints nothing.
     *
     * @param createSchema whether a missing schema of the table is created; else it is an error
     */
    public static void migrate(Assembly assembly, boolean createSchema) {
        new Migrations(assembly.settings().database()).run();
        try (Database database = assembly.database()) {
            create(database, assembly, null, createSchema);
        }
    }

    private static boolean create(
            Database database, Assembly assembly, @Nullable String partitionBy, boolean createSchema) {
        TargetTable table = new TargetTable(assembly.spec());
        if (createSchema) {
            table.createSchemaIfMissing(database);
        }
        return table.createIfMissing(database, partitionBy);
    }

    /**
     * Creates the group roles and grants them what their commands need.
     *
     * @return the roles that were missing
     */
    public static List<String> grant(Assembly assembly) {
        try (Database database = assembly.database()) {
            return new Roles(assembly.spec()).grant(database);
        }
    }
}
