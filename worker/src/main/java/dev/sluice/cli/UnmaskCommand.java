package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.DenialReason;
import dev.sluice.recovery.unmask.MaskedFields;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import dev.sluice.recovery.unmask.RecoveryRequests;
import dev.sluice.recovery.unmask.Unmask;
import dev.sluice.recovery.unmask.UnmaskOutcome;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice unmask}. */
@Command(
        name = "unmask",
        header = "Recovers the values of tokens, each time with an entry in the audit.",
        description = {
            "",
            "One line a token in the order asked, on standard output alone: the value with a backslash doubled and",
            "control characters as \\u{..}, or \\N when it is refused, with the reason on standard error. Exact",
            "values by --output json.",
            "",
            "More values at once than the policy lets one person recover (10) need somebody else's approval.",
            ""
        },
        footer = {
            "",
            "Exit codes: 77 when leave or a key is wanting, 65 when a token is none of ours or was changed.",
            "",
            "Examples:",
            "  sluice unmask TOKEN --reason FRAUD_INVESTIGATION --ticket CASE-7",
            "  sluice unmask --file tokens.txt --reason DSAR --ticket CASE-8 --approver bob"
        },
        subcommands = {
            UnmaskRequestCommand.class,
            UnmaskApproveCommand.class,
            UnmaskFetchCommand.class,
            UnmaskRequestsCommand.class
        })
final class UnmaskCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Mixin
    TokenOptions tokens;

    @Mixin
    PurposeOptions purpose;

    @Option(
            names = "--approver",
            paramLabel = "USER",
            description = "If it needs approval, ask this database user for it.")
    @Nullable
    String approver;

    @Override
    public Integer call() {
        Purpose why = purpose.purpose();
        List<String> asked = tokens.read(sluice.console());
        Assembly assembly = sluice.assembly();
        try (Database database = assembly.database()) {
            MaskedFields fields = new MaskedFields(assembly.spec(), assembly.keysetsFor(database));
            String column = tokens.column(fields);
            UnmaskOutcome outcome = unmask(assembly, database, fields).unmask(why, asked, column);
            int exitCode = new OutcomeView(sluice).print(outcome, fields.sort(asked, column));
            if (approver != null && isApprovalRequired(outcome)) {
                RecoveryRequests requests =
                        new RecoveryRequests(database, assembly.spec().name());
                UnmaskRequestCommand.submit(sluice, requests, why, fields.sort(asked, column), approver, false);
            }
            return exitCode;
        }
    }

    static Unmask unmask(Assembly assembly, Database database, MaskedFields fields) {
        String pipeline = assembly.spec().name();
        return new Unmask(new RecoveryPolicy(database, pipeline), new RecoveryRequests(database, pipeline), fields);
    }

    private static boolean isApprovalRequired(UnmaskOutcome outcome) {
        return outcome instanceof Denied denied && denied.why() == DenialReason.APPROVAL_REQUIRED;
    }
}
