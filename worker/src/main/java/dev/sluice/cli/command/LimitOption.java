package dev.sluice.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --limit} of a listing, as a mixin. */
public final class LimitOption {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (${DEFAULT-VALUE}).")
    int limit;

    /** How many rows to list; at least 0. A negative number is a usage error. */
    public int value() {
        if (limit < 0) {
            throw new ParameterException(command.commandLine(), "--limit must be at least 0");
        }
        return limit;
    }
}
