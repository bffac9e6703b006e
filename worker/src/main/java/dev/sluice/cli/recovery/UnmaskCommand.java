package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.LimitOption;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Part;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.DenialReason;
import dev.sluice.recovery.unmask.MaskedFields;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import dev.sluice.recovery.unmask.RecoveryRequests;
import dev.sluice.recovery.unmask.RecoveryRequests.Submission.Made;
import dev.sluice.recovery.unmask.TokenRequest;
import dev.sluice.recovery.unmask.Unmask;
import dev.sluice.recovery.unmask.UnmaskOutcome;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice unmask}, and what its user does when it needs approval. */
@Command(
        name = "unmask",
        aliases = "decrypt",
        synopsisSubcommandLabel = "[COMMAND]",
        header = "Recovers the values of tokens, each time with an entry in the audit.",
        description = {
            "Prints one line per token to standard output, in the order given: the value with backslashes doubled and"
                    + " control characters as \\u{..}, or \\N if it is refused, with the reason on standard error. Use"
                    + " --output json for exact values.",
            "",
            "More values at once than the policy allows one person (10) need another person's approval."
        },
        footer = {
            "Exit codes: 77 if permission or a key is missing, 65 if a token is not ours or was altered.",
            "",
            "Examples:",
            "  sluice unmask TOKEN --reason FRAUD_INVESTIGATION --ticket CASE-7",
            "  sluice unmask --file tokens.txt --reason DSAR --ticket CASE-8 --approver bob"
        },
        subcommands = UnmaskApproveCommand.class)
@CommandHelp(
        uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
        requires = {"--reason", "--ticket"})
public final class UnmaskCommand extends CliCommand implements Callable<Integer> {

    @Mixin
    TokenOptions tokens;

    @Mixin
    PurposeOptions purpose;

    @Option(
            names = "--approver",
            paramLabel = "USER",
            description = "If approval is needed, request it from this database user.")
    @Nullable
    String approver;

    @Override
    public Integer call() {
        Purpose why = purpose.purpose();
        List<String> texts = tokens.read(console());
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            String column = tokens.column(fields);
            UnmaskOutcome outcome = unmask(assembly, database, fields).unmask(why, texts, column);
            List<TokenRequest> requested = fields.sort(texts, column);
            int exitCode = print(outcome, requested, "unmask them again, which is audited and counted again");
            if (approver != null && isApprovalRequired(outcome)) {
                submit(new RecoveryRequests(database, assembly.spec().name()), why, requested, approver, false);
            }
            return exitCode;
        }
    }

    @Command(
            name = "fetch",
            header = "Recovers the values of your approved request.",
            description =
                    "Output and exit codes are those of sluice unmask, in the order of the request. In case the output is lost,"
                            + " a request can be fetched three times before it expires; each is audited and counts towards"
                            + " the daily limit.")
    int fetch(@Parameters(paramLabel = "ID", description = "As printed by sluice unmask request.") long id) {
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            // Read before the request is used up: without keys it would be lost.
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            return print(
                    unmask(assembly, database, fields).fetch(id),
                    List.of(),
                    "fetch the request again, while it has not expired and up to three times in all");
        }
    }

    @Command(
            name = "request",
            header = "Requests values that another person must approve; recovers none.",
            description =
                    "Prints the request's number. It can be approved and fetched for 24 hours, unless configured otherwise.",
            footer = {"Example:", "  sluice unmask request TOKEN --reason DSAR --ticket CASE-9 --approver bob"})
    int request(
            @Mixin TokenOptions tokens,
            @Mixin PurposeOptions purpose,
            @Option(
                            names = "--approver",
                            paramLabel = "USER",
                            description =
                                    "The only database user who may approve it (anyone else with that permission).")
                    @Nullable
                    String approver) {
        Purpose why = purpose.purpose();
        List<String> texts = tokens.read(console());
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            List<TokenRequest> requested = fields.sort(texts, tokens.column(fields));
            RecoveryRequests requests =
                    new RecoveryRequests(database, assembly.spec().name());
            return submit(requests, why, requested, approver, true);
        }
    }

    @Command(
            name = "requests",
            header = "Lists requests and their states, the newest first.",
            description =
                    "The keys are read from the tokens; with a keyset file, the field of each key is shown too. Reason, ticket,"
                            + " columns and pipeline are the requester's claims.")
    @ListOutput
    void requests(@Mixin LimitOption limit) {
        int rows = limit.value();
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            RecoveryRequests requests =
                    new RecoveryRequests(database, assembly.spec().name());
            RequestListing.of(assembly, this::report).listing().print(program(), requests.list(rows));
        }
    }

    private static Unmask unmask(Assembly assembly, Database database, MaskedFields fields) {
        String pipeline = assembly.spec().name();
        return new Unmask(new RecoveryPolicy(database, pipeline), new RecoveryRequests(database, pipeline), fields);
    }

    /**
     * @param requested shown with a denial, in JSON
     * @param remedy what to do when opened values could not be written
     */
    private int print(UnmaskOutcome outcome, List<TokenRequest> requested, String remedy) {
        UnmaskOutput output = new UnmaskOutput(program());
        return switch (outcome) {
            case Opened opened -> {
                int exitCode = output.print(opened);
                if (!console().isOutputLost()) {
                    yield exitCode;
                }
                // Said even if the reader closed the pipe: who reads the audit must know that nobody saw the values.
                report(
                        "the values could not all be written to standard output, but the audit says that they were opened; "
                                + remedy);
                yield ExitCode.OUTPUT;
            }
            case Denied denied -> {
                output.print(denied, requested);
                yield denied(denied.explanation());
            }
        };
    }

    private static boolean isApprovalRequired(UnmaskOutcome outcome) {
        return outcome instanceof Denied denied && denied.why() == DenialReason.APPROVAL_REQUIRED;
    }

    /**
     * Submits a request if all that it holds are tokens of this pipeline.
     *
     * @param isResult whether the request's number is the result of the command, for standard output
     */
    private int submit(
            RecoveryRequests requests,
            Purpose why,
            List<TokenRequest> requested,
            @Nullable String approver,
            boolean isResult) {
        if (!new UnmaskOutput(program()).areTokens(requested)) {
            err().println("No request was made: all that it holds must be tokens of this pipeline.");
            return ExitCode.DATA;
        }
        return switch (requests.submit(why, requested, approver)) {
            case Denied denied -> denied(denied.explanation());
            case Made made -> {
                new SubmittedRequest(made, approver, "sluice unmask fetch").print(program(), isResult);
                yield ExitCode.DONE;
            }
        };
    }
}
