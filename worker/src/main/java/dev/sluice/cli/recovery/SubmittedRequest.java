package dev.sluice.cli.recovery;

import dev.sluice.cli.command.Program;
import dev.sluice.output.JsonLine;
import dev.sluice.recovery.unmask.RecoveryRequests.Submission.Made;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its approver, and what both do next.
 *
 * @param made as the database made it
 * @param approver the only user who may approve; null for anybody else
 * @param fetch the requester's command, up to the request's number
 */
record SubmittedRequest(Made made, @Nullable String approver, String fetch) {

    /** @param isResult whether the request is the result of the command, for standard output */
    void print(Program program, boolean isResult) {
        PrintStream to = isResult ? program.console().out() : program.console().err();
        if (program.json() && isResult) {
            to.println(new JsonLine()
                    .put("request", made.id())
                    .put("approver", approver)
                    .put("expires", made.expiresAt()));
            return;
        }
        to.println("Request " + made.id() + " was made. Until " + made.expiresAt() + ":");
        to.println("  " + (approver == null ? "another database user" : approver) + ":  sluice unmask approve "
                + made.id());
        to.println("  then you:  " + fetch + " " + made.id());
    }
}
