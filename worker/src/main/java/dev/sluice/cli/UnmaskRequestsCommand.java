package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.RecoveryRequest;
import dev.sluice.recovery.unmask.RecoveryRequests;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask requests}. */
@Command(
        name = "requests",
        header = "Lists requests and how far they are, the newest first.",
        description = {
            "",
            "Whose keys made the tokens is read from the tokens, and with a keyset file the field of each key. Reason,",
            "ticket, columns and pipeline are what the requester says.",
            ""
        })
final class UnmaskRequestsCommand implements Callable<Integer> {

    @ParentCommand
    UnmaskCommand parent;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new ParameterException(parent.sluice.command.commandLine(), "--limit: 0 or more was expected");
        }
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database()) {
            List<RecoveryRequest> requests =
                    new RecoveryRequests(database, assembly.spec().name()).list(limit);
            RequestView view = RequestView.of(assembly, parent.sluice.console());
            if (parent.sluice.json()) {
                requests.forEach(request -> parent.sluice.console().out().println(view.json(request)));
            } else {
                RowView.print(
                        parent.sluice,
                        RequestView.HEADINGS,
                        requests.stream().map(view::cells).toList());
            }
        }
        return ExitCode.DONE;
    }
}
