package dev.sluice.cli.run;

import dev.sluice.cli.command.Console;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A file of messages and how to read it, as a mixin of the commands that take one. */
final class MessageFileOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Parameters(paramLabel = "FILE|-", description = "The file, in UTF-8; - for standard input.")
    String file;

    @Option(names = "--lines", description = "Take each line as a message, JSON or not.")
    boolean lines;

    @Option(
            names = "--from-line",
            paramLabel = "N",
            defaultValue = "1",
            description = "Leave out messages that begin before line N.")
    long fromLine;

    /**
     * Opens the file. A file that cannot be read is a usage error.
     *
     * @throws MessageFileException if its first bytes are not UTF-8
     */
    MessageFile open(Console console) {
        if (fromLine < 1) {
            throw new ParameterException(command.commandLine(), "--from-line must be at least 1");
        }
        try {
            return MessageFile.open(console, file, lines, fromLine);
        } catch (MessageFileException e) {
            throw usageError(file.equals("-") ? "standard input" : file, e, "");
        }
    }

    /**
     * A file that holds something that is not a message; to be thrown.
     *
     * @param name the file's
     * @param soFar a sentence on what was done before
     */
    ParameterException usageError(String name, MessageFileException fault, String soFar) {
        return new ParameterException(command.commandLine(), name + ": " + fault.getMessage() + "." + soFar);
    }
}
