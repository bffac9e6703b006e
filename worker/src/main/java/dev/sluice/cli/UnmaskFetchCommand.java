package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.MaskedFields;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask fetch}. */
@Command(
        name = "fetch",
        header = "Recovers the values of a request of yours that was approved, once.",
        description = {"", "Output and exit codes are those of sluice unmask, the order is the request's.", ""})
final class UnmaskFetchCommand implements Callable<Integer> {

    @ParentCommand
    UnmaskCommand parent;

    @Parameters(paramLabel = "ID", description = "As printed by sluice unmask request.")
    long id;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database()) {
            // Before the request is used up: without keys nothing would come of it.
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            return new OutcomeView(parent.sluice)
                    .print(UnmaskCommand.unmask(assembly, database, fields).fetch(id), List.of());
        }
    }
}
