package dev.sluice.cli.command;

import dev.sluice.recovery.unmask.Purpose;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --ticket}, which the audit records. A mixin; each command says whether it needs one. */
public class TicketOption {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            description = "The case, for the audit, where it stays indefinitely: letters, digits, _ / # -, and no"
                    + " personal data.")
    @Nullable
    String ticket;

    /** The ticket, null if none is given. One that is malformed is a usage error. */
    public final @Nullable String optional() {
        if (ticket != null && !Purpose.isTicket(ticket)) {
            throw usageError("--ticket must be 1 to 64 letters, digits, _, /, # or -, and hold no values");
        }
        return ticket;
    }

    /** The ticket. A missing or malformed one is a usage error. */
    public final String required() {
        String given = optional();
        if (given == null) {
            throw usageError("--ticket is required");
        }
        return given;
    }

    /** For a wrong call; to be thrown. */
    protected final ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
