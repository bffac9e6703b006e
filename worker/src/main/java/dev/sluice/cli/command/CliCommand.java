package dev.sluice.cli.command;

import dev.sluice.app.Assembly;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.output.JsonLine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command, or a family of them: how it reaches the {@link Program}, prints, and refuses a wrong call. */
public abstract class CliCommand {

    @Spec
    CommandSpec command;

    /** The program that this command is part of. */
    protected final Program program() {
        return (Program) command.root().userObject();
    }

    /** See {@link Program#assembly()}. */
    protected final Assembly assembly() {
        return program().assembly();
    }

    /** See {@link Program#json()}. */
    protected final boolean json() {
        return program().json();
    }

    /** See {@link Program#console()}. */
    protected final Console console() {
        return program().console();
    }

    /** Where results go. */
    protected final PrintStream out() {
        return console().out();
    }

    /** Where everything else goes. */
    protected final PrintStream err() {
        return console().err();
    }

    /** Prints one result, in the requested format. */
    protected final void print(JsonLine json, String text) {
        out().println(json() ? json : text);
    }

    /** Prints one sentence to standard error, with the program's name before it. */
    protected final void report(String sentence) {
        err().println("sluice: " + sentence);
    }

    /**
     * Reports that the database's policy denied the command.
     *
     * @return the exit code
     */
    protected final int denied(String why) {
        report("denied: " + why);
        return ExitCode.NOT_PERMITTED;
    }

    /** Up to {@code limit} lines of standard input, which must be UTF-8. */
    protected final List<String> inputLines(int limit) {
        try {
            return Utf8.lines(console().in(), limit);
        } catch (IOException e) {
            throw usageError("standard input cannot be read as UTF-8 text");
        }
    }

    /** The names of a pipeline's columns, in its order. */
    protected static List<String> columnNames(PipelineSpec spec) {
        return spec.columns().stream().map(Column::name).toList();
    }

    /**
     * A signal that the first SIGINT or SIGTERM requests; a second one ends the process.
     *
     * @param sentence reported when it is requested
     */
    protected final ShutdownSignal shutdownSignal(String sentence) {
        ShutdownSignal stop = new ShutdownSignal();
        Signals.onStop(() -> {
            // Requested first: printing fails if nobody reads standard error any more.
            stop.request();
            report(sentence);
        });
        return stop;
    }

    /** For a wrong call; to be thrown. The program prints it with a hint at the command's help, and exits with 2. */
    protected final ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    /** @param option its name, for the error */
    protected final void requireAtLeast(long minimum, long value, String option) {
        if (value < minimum) {
            throw usageError(option + " must be at least " + minimum);
        }
    }

    /** @param option its name, for the error */
    protected final void requireOneOf(List<String> allowed, String value, String option) {
        if (!allowed.contains(value)) {
            throw usageError(option + " must be one of " + allowed);
        }
    }
}
