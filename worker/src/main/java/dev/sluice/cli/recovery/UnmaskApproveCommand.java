package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Confirmation;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.RecoveryRequests;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sluice unmask approve}. */
@Command(
        name = "approve",
        header = "Approves the request of another database user.",
        description = {
            "Shows the requester, the number of values and the keys of their tokens, and with a keyset file the field of"
                    + " each key. Keys and fields are read from the tokens; reason, ticket, columns and pipeline are the"
                    + " requester's claims.",
            "",
            "Needs no keys and shows no value: only the requester can fetch them."
        })
final class UnmaskApproveCommand extends CliCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "As listed by sluice unmask requests.")
    long id;

    @Mixin
    Confirmation confirmation;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            RecoveryRequests requests =
                    new RecoveryRequests(database, assembly.spec().name());
            // To standard error: standard output has the decision.
            requests.get(id).ifPresent(request -> err().println(
                            RequestListing.of(assembly, this::report).lines(request)));
            confirmation.require(console(), () -> "Approve request " + id + "?", "yes");
            return switch (requests.approve(id)) {
                case Granted granted -> {
                    print(new JsonLine().put("request", id).put("approved", true), "Request " + id + " is approved.");
                    yield ExitCode.DONE;
                }
                case Denied denied -> denied(denied.explanation());
            };
        }
    }
}
