package dev.sluice.cli;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.PrintableStream;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeysException;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.yaml.InvalidDocumentException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what a command throws into a message and an exit code. Our own exceptions are printed as they are. Of any other,
 * only class and stack are shown, since its message may quote a value.
 */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final int FRAMES = 12;

    /** A wrong call: one sentence, a suggestion if there is one, and where to read on; not the whole help. */
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = called(wrong.getCommandLine());
        PrintWriter err = command.getErr();
        print(err, wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.USAGE;
    }

    /** The command that was called: a family throws in its own name, and its help is not the one to read. */
    private static CommandLine called(CommandLine named) {
        ParseResult parsed = named.getParseResult();
        while (parsed != null && parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return parsed == null ? named : parsed.commandSpec().commandLine();
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof InfrastructureException known) {
            print(err, known.getMessage());
            return ExitCode.of(known.kind());
        }
        String configuration = configuration(failure);
        if (configuration != null) {
            print(err, configuration);
            return ExitCode.CONFIG;
        }
        err.println("sluice: unexpected " + describe(failure));
        err.println("This is a defect in Sluice. Please report these lines; they contain no data.");
        return ExitCode.UNEXPECTED;
    }

    private static void print(PrintWriter err, @Nullable String message) {
        err.println("sluice: " + PrintableStream.escapeLines(String.valueOf(message)));
    }

    /** The message of a wrong file or setting; null for any other failure. */
    private static @Nullable String configuration(Exception failure) {
        return switch (failure) {
            case SettingsException known -> known.getMessage();
            case KeysException known -> known.getMessage();
            case InvalidDocumentException known -> known.getMessage();
            case PipelineNotFoundException known -> known.getMessage();
            default -> null;
        };
    }

    /** Class and frames, also of the causes, without messages. */
    private static String describe(Throwable failure) {
        String frames = Arrays.stream(failure.getStackTrace())
                .limit(FRAMES)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
        Throwable cause = failure.getCause();
        return failure.getClass().getName() + frames + (cause == null ? "" : "\n  caused by " + describe(cause));
    }
}
