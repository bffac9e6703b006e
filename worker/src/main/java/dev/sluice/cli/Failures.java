package dev.sluice.cli;

import dev.sluice.config.SettingsException;
import dev.sluice.keys.KeysException;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.yaml.InvalidDocumentException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command throws into words and an exit code. Our own exceptions are told as they are; of any other only
 * class and place are shown, since its message may quote a value.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final int FRAMES = 12;

    /** What was wrong and where to read more, instead of the whole help. */
    @Override
    public int handleParseException(ParameterException usage, String[] args) {
        CommandLine command = usage.getCommandLine();
        command.getErr().println("sluice: " + usage.getMessage());
        command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof InfrastructureException known) {
            err.println("sluice: " + known.getMessage());
            return ExitCode.of(known.kind());
        }
        if (failure instanceof SettingsException
                || failure instanceof KeysException
                || failure instanceof InvalidDocumentException
                || failure instanceof PipelineNotFoundException) {
            err.println("sluice: " + failure.getMessage());
            return ExitCode.CONFIG;
        }
        err.println("sluice: unexpected " + describe(failure));
        err.println("This is a defect of Sluice; please report these lines. They hold no data.");
        return ExitCode.UNEXPECTED;
    }

    /** Class and frames, of the causes too; no message. */
    private static String describe(Throwable failure) {
        String frames = Arrays.stream(failure.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
        Throwable cause = failure.getCause();
        return failure.getClass().getName() + frames + (cause == null ? "" : "\n  caused by " + describe(cause));
    }
}
