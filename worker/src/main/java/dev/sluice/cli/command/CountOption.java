package dev.sluice.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How many to show, as {@code N} or as {@code --limit N}, as a mixin. */
public final class CountOption {

    private static final int DEFAULT = 10;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Parameters(arity = "0..1", paramLabel = "N", description = "How many (" + DEFAULT + ").")
    @Nullable
    Integer count;

    @Option(names = "--limit", paramLabel = "N", description = "The same as N.")
    @Nullable
    Integer limit;

    /** The number that was given, or 10. Below the minimum, or given twice, it is a usage error. */
    public int atLeast(int minimum) {
        if (count != null && limit != null) {
            throw usageError("N and --limit are the same; give one of them");
        }
        int value = count != null ? count : limit != null ? limit : DEFAULT;
        if (value < minimum) {
            throw usageError((limit != null ? "--limit" : "N") + " must be at least " + minimum);
        }
        return value;
    }

    private ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
