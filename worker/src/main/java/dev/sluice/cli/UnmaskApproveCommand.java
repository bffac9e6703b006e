package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.PolicyDecision;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.RecoveryRequest;
import dev.sluice.recovery.unmask.RecoveryRequests;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask approve}. */
@Command(
        name = "approve",
        header = "Approves what another database user asked for.",
        description = {
            "",
            "Shows who asks for how many values under which keys, and with a keyset file the field of each key: that is read",
            "from the tokens. Reason, ticket, columns and pipeline are what the requester says. Asks first, unless --yes is",
            "given. Needs no keys, and shows no value: only who asked can fetch.",
            ""
        })
final class UnmaskApproveCommand implements Callable<Integer> {

    @ParentCommand
    UnmaskCommand parent;

    @Parameters(paramLabel = "ID", description = "As listed by sluice unmask requests.")
    long id;

    @Option(names = "--yes", description = "Does not ask.")
    boolean yes;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database()) {
            RecoveryRequests requests =
                    new RecoveryRequests(database, assembly.spec().name());
            requests.get(id).ifPresent(request -> show(RequestView.of(assembly, parent.sluice.console()), request));
            requireConsent();
            return print(requests.approve(id));
        }
    }

    /** To standard error: what is on standard output is what was decided. */
    private void show(RequestView view, RecoveryRequest request) {
        parent.sluice.console().err().println(view.lines(request));
    }

    private void requireConsent() {
        Console console = parent.sluice.console();
        if (yes) {
            return;
        }
        if (!console.interactive()) {
            throw refusal("approve asks on a terminal; say --yes");
        }
        if (!console.consents("Approve request " + id + "?")) {
            throw refusal("not confirmed, nothing was approved");
        }
    }

    private int print(PolicyDecision decision) {
        Console console = parent.sluice.console();
        return switch (decision) {
            case Granted granted -> {
                console.out()
                        .println(
                                parent.sluice.json()
                                        ? new JsonLine().put("request", id).put("approved", true)
                                        : "Request " + id + " is approved.");
                yield ExitCode.DONE;
            }
            case Denied denied -> {
                console.err().println("sluice: denied: " + denied.explanation());
                yield ExitCode.NOT_PERMITTED;
            }
        };
    }

    private ParameterException refusal(String message) {
        return new ParameterException(parent.sluice.command.commandLine(), message);
    }
}
