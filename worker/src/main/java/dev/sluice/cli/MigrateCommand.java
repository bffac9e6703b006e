package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.Roles;
import dev.sluice.postgres.schema.TablePartitions;
import dev.sluice.postgres.schema.TargetTable;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice migrate}. */
@Command(
        name = "migrate",
        header = "Creates what is missing in the database.",
        description = {
            "",
            "Schema sluice (ledger, quarantine, audit) is brought to this program's version. The pipeline's table is",
            "created exactly as the pipeline says when it is missing, and never altered. Safe to repeat.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice migrate --roles                         also roles for workers, analysts, recovery, operators",
            "  sluice migrate --partition-by create_date      the table, if it is missing, in monthly partitions"
        })
final class MigrateCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Option(
            names = "--roles",
            description = "Create the group roles sluice_writer, sluice_analyst, sluice_recovery and sluice_operator,"
                    + " and grant each what its commands need.")
    boolean roles;

    @Option(
            names = "--partition-by",
            paramLabel = "COLUMN",
            description = "Create the table, if it is missing, in monthly partitions of this date or point in time.")
    @Nullable
    String partitionBy;

    @Override
    public Integer call() {
        Assembly assembly = sluice.assembly();
        requireDate(assembly.spec());
        Done done = migrate(assembly, partitionBy);
        List<String> created = roles ? grant(assembly) : List.of();
        done.openSchemas().forEach(open -> sluice.console().err().println("Warning: " + open + "."));
        print(done, created, assembly.spec().sink().qualifiedName());
        return ExitCode.DONE;
    }

    private void requireDate(PipelineSpec spec) {
        List<String> dates = TablePartitions.dates(spec);
        if (partitionBy != null && !dates.contains(partitionBy)) {
            throw new ParameterException(
                    sluice.command.commandLine(), "--partition-by: one of " + dates + " was expected");
        }
    }

    static List<String> grant(Assembly assembly) {
        try (Database database = assembly.database()) {
            return new Roles(assembly.spec()).grant(database);
        }
    }

    private void print(Done done, List<String> created, String table) {
        PrintStream out = sluice.console().out();
        if (sluice.json()) {
            JsonLine line = new JsonLine()
                    .put("migrations", done.migrations())
                    .put("table", table)
                    .put("created", done.tableCreated());
            out.println(roles ? line.put("roles", Roles.NAMES).put("rolesCreated", created) : line);
            return;
        }
        out.println(
                done.migrations() == 0
                        ? "Schema sluice was current."
                        : "Schema sluice: " + done.migrations() + " migration(s) applied.");
        out.println(
                done.tableCreated()
                        ? "Table " + table + " created"
                                + (partitionBy == null ? "." : ", in months of " + partitionBy + ".")
                        : "Table " + table + " was there.");
        if (roles) {
            out.println("Roles " + String.join(", ", Roles.NAMES) + ": granted what their commands need, no more.");
            out.println(
                    "None of them can log in. Make a login for each process and person, in psql as an administrator:");
            out.println("  CREATE ROLE login_worker LOGIN IN ROLE sluice_writer;");
            out.println("  \\password login_worker");
        }
    }

    static Done migrate(Assembly assembly) {
        return migrate(assembly, null);
    }

    private static Done migrate(Assembly assembly, @Nullable String partitionBy) {
        int migrations = new Migrations(assembly.settings().database()).run();
        try (Database database = assembly.database()) {
            boolean created = new TargetTable(assembly.spec()).createIfMissing(database, partitionBy);
            return new Done(migrations, created, database.openSchemas());
        }
    }

    /**
     * @param migrations how many were applied
     * @param tableCreated whether the pipeline's table was missing
     * @param openSchemas in which others can create, a sentence each
     */
    record Done(int migrations, boolean tableCreated, List<String> openSchemas) {

        /** Copies the list. */
        Done {
            openSchemas = List.copyOf(openSchemas);
        }
    }
}
