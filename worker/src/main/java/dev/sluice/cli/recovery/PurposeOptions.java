package dev.sluice.cli.recovery;

import dev.sluice.cli.command.TicketOption;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.unmask.Purpose;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --reason} and {@code --ticket} of the commands that recover something. */
final class PurposeOptions extends TicketOption {

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Why: ${COMPLETION-CANDIDATES}. Recorded in the audit.")
    @Nullable
    RecoveryReason reason;

    /** Both, checked here: if picocli required them of {@code unmask}, its subcommands would need them twice. */
    Purpose purpose() {
        String ticket = optional();
        if (reason == null || ticket == null) {
            throw usageError("--reason and --ticket are required");
        }
        return new Purpose(reason, ticket);
    }
}
