package dev.sluice.cli;

import dev.sluice.cli.command.Color;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeysException;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.yaml.InvalidDocumentException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command throws into a message and an exit code. Our own exceptions are printed as they are. Of any other,
 * only class and stack are shown, since its message may quote a value. Where the log is JSON, the message is an event of
 * it: what collects the lines must see why a worker did not start.
 */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final int FRAMES = 12;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorReport.class);

    private final PrintStream err;
    private final BooleanSupplier color;
    private final Supplier<LogFormat> format;

    /**
     * Color and format are asked for when something is reported: the call or the settings file may have set them.
     *
     * @param format of the log
     */
    ErrorReport(PrintStream err, BooleanSupplier color, Supplier<LogFormat> format) {
        this.err = err;
        this.color = color;
        this.format = format;
    }

    /** A wrong call: one sentence and where to read on; not the whole help. */
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = called(wrong.getCommandLine());
        int exitCode = report(WrongCall.explain(wrong, command.getCommandSpec()), ExitCode.USAGE);
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return exitCode;
    }

    /** The command that was called: a family throws in its own name, and its help is not the one to read. */
    private static CommandLine called(CommandLine named) {
        ParseResult parsed = named.getParseResult();
        return parsed == null ? named : parsed.asCommandLineList().getLast();
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return switch (failure) {
            case InfrastructureException known -> log(known.getMessage(), ExitCode.of(known.kind()));
            case SettingsException known -> log(known.getMessage(), ExitCode.CONFIG);
            case KeysException known -> log(known.getMessage(), ExitCode.CONFIG);
            case InvalidDocumentException known -> log(known.getMessage(), ExitCode.CONFIG);
            case PipelineNotFoundException known -> log(known.getMessage(), ExitCode.CONFIG);
            default ->
                log(
                        "unexpected " + describe(failure)
                                + "\nThis is a defect in Sluice. Please report these lines; they contain no data.",
                        ExitCode.UNEXPECTED);
        };
    }

    private int log(@Nullable String message, int exitCode) {
        return switch (format.get()) {
            case TEXT -> report(message, exitCode);
            case JSON -> {
                LOG.error("{}", message);
                yield exitCode;
            }
        };
    }

    private int report(@Nullable String message, int exitCode) {
        Color.RED.print(err, color.getAsBoolean(), "sluice:");
        err.println(" " + message);
        return exitCode;
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getName());
        Arrays.stream(failure.getStackTrace()).limit(FRAMES).forEach(frame -> text.append("\n    at " + frame));
        Throwable cause = failure.getCause();
        return text + (cause == null ? "" : "\n  caused by " + describe(cause));
    }
}
