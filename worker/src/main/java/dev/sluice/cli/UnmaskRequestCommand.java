package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.MaskedFields;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryRequests;
import dev.sluice.recovery.unmask.RecoveryRequests.Submission.Made;
import dev.sluice.recovery.unmask.TokenRequest;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask request}. */
@Command(
        name = "request",
        header = "Asks for values that somebody else must approve; opens none.",
        description = {
            "",
            "Prints the request's number. It can be approved and fetched for 24 h, unless set otherwise.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  sluice unmask request --file tokens.txt --reason LEGAL_REQUEST --ticket CASE-9 --approver bob"
        })
final class UnmaskRequestCommand implements Callable<Integer> {

    @ParentCommand
    UnmaskCommand parent;

    @Mixin
    TokenOptions tokens;

    @Mixin
    PurposeOptions purpose;

    @Option(
            names = "--approver",
            paramLabel = "USER",
            description = "The database user who alone may approve it (anybody else who may).")
    @Nullable
    String approver;

    @Override
    public Integer call() {
        Sluice sluice = parent.sluice;
        Purpose why = purpose.purpose();
        List<String> texts = tokens.read(sluice.console());
        Assembly assembly = sluice.assembly();
        try (Database database = assembly.database()) {
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            List<TokenRequest> asked = fields.sort(texts, tokens.column(fields));
            return submit(sluice, new RecoveryRequests(database, assembly.spec().name()), why, asked, approver, true);
        }
    }

    /**
     * @param result whether the request's number is the command's result, or only the next step
     * @return the exit code
     */
    static int submit(
            Sluice sluice,
            RecoveryRequests requests,
            Purpose why,
            List<TokenRequest> asked,
            @Nullable String approver,
            boolean result) {
        if (!fit(sluice, asked)) {
            sluice.console().err().println("No request was made: all that it holds must be tokens of this pipeline.");
            return ExitCode.DATA;
        }
        return switch (requests.submit(why, asked, approver)) {
            case Denied denied -> {
                sluice.console().err().println("sluice: denied: " + denied.explanation());
                yield ExitCode.NOT_PERMITTED;
            }
            case Made made -> {
                print(sluice, made, approver, result);
                yield ExitCode.DONE;
            }
        };
    }

    private static boolean fit(Sluice sluice, List<TokenRequest> asked) {
        OutcomeView view = new OutcomeView(sluice);
        boolean fit = true;
        for (TokenRequest one : asked) {
            Refusal why = one.refusal();
            if (why != null) {
                view.complain(one.place(), why);
                fit = false;
            }
        }
        return fit;
    }

    private static void print(Sluice sluice, Made made, @Nullable String approver, boolean result) {
        PrintStream out = result ? sluice.console().out() : sluice.console().err();
        if (result && sluice.json()) {
            out.println(new JsonLine()
                    .put("request", made.id())
                    .put("approver", approver)
                    .put("expires", made.expiresAt()));
            return;
        }
        out.println("Request " + made.id() + " was made. Until " + made.expiresAt() + ":");
        out.println("  " + (approver == null ? "another database user" : approver) + ":  sluice unmask approve "
                + made.id());
        out.println("  then you:  sluice unmask fetch " + made.id());
    }
}
