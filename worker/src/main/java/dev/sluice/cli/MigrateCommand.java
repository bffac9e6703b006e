package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.Database;
import dev.sluice.postgres.Migrations;
import dev.sluice.postgres.TargetTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sluice migrate}. */
@Command(
        name = "migrate",
        header = "Creates what is missing in the database.",
        description = {
            "",
            "Schema sluice (ledger, quarantine, audit) is brought to this program's version. The pipeline's table is created",
            "exactly as the pipeline says when it is missing, and never altered. Safe to repeat.",
            ""
        })
final class MigrateCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Override
    public Integer call() {
        Assembly assembly = sluice.assembly();
        Done done = migrate(assembly);
        String table = assembly.spec().sink().qualifiedName();
        if (sluice.json()) {
            sluice.console()
                    .out()
                    .println(new JsonLine()
                            .put("migrations", done.migrations())
                            .put("table", table)
                            .put("created", done.tableCreated()));
            return ExitCode.DONE;
        }
        sluice.console()
                .out()
                .println(
                        done.migrations() == 0
                                ? "Schema sluice was current."
                                : "Schema sluice: " + done.migrations() + " migration(s) applied.");
        sluice.console()
                .out()
                .println(done.tableCreated() ? "Table " + table + " created." : "Table " + table + " was there.");
        return ExitCode.DONE;
    }

    static Done migrate(Assembly assembly) {
        int migrations = new Migrations(assembly.databaseAddress()).run();
        try (Database database = assembly.database()) {
            return new Done(migrations, new TargetTable(assembly.spec()).createIfMissing(database));
        }
    }

    /**
     * @param migrations how many were applied
     * @param tableCreated whether the pipeline's table was missing
     */
    record Done(int migrations, boolean tableCreated) {}
}
