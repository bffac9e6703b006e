package dev.sluice.cli.quarantine;

import dev.sluice.mapping.Reason;
import dev.sluice.postgres.QuarantineFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select quarantined records. A mixin. */
final class FilterOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only records rejected for this reason, such as invalid-ip.")
    @Nullable
    Reason reason;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only records quarantined at this time or later: 2026-03-01T12:00:00Z, 2026-03-01 (00:00 UTC) or"
                            + " a duration ago, such as 2h.")
    @Nullable
    Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only records quarantined before this time.")
    @Nullable
    Instant until;

    /** Whether any is given. */
    boolean isGiven() {
        return reason != null || since != null || until != null;
    }

    /** Of all pipelines. A time range that holds no instant is a usage error. */
    QuarantineFilter filter() {
        if (since != null && until != null && !since.isBefore(until)) {
            throw new ParameterException(command.commandLine(), "--since must be before --until");
        }
        return new QuarantineFilter(null, reason == null ? null : reason.label(), since, until);
    }
}
