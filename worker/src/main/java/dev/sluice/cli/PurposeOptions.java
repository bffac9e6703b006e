package dev.sluice.cli;

import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.unmask.Purpose;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --reason} and {@code --ticket}, of the commands that recover something. */
final class PurposeOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Why: ${COMPLETION-CANDIDATES}. Goes into the audit.")
    @Nullable
    RecoveryReason reason;

    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            description = "The case it belongs to: letters, digits, _ / # -. Goes into the audit.")
    @Nullable
    String ticket;

    /** Both, which {@code unmask} cannot have picocli demand: its subcommands would have to bear them twice. */
    Purpose purpose() {
        if (reason == null || ticket == null) {
            throw new ParameterException(command.commandLine(), "--reason and --ticket were expected");
        }
        requireTicket(command.commandLine(), ticket);
        return new Purpose(reason, ticket);
    }

    /** Refuses what is no ticket. */
    static void requireTicket(CommandLine called, String ticket) {
        if (!Purpose.isTicket(ticket)) {
            throw new ParameterException(
                    called, "--ticket: 1 to 64 letters, digits, _, /, # or - were expected, and no values in it");
        }
    }
}
