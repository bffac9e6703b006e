package dev.sluice.cli.recovery;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.Utf8;
import dev.sluice.recovery.unmask.MaskedFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options that name tokens and their column. What is given may not be a token, so it is never quoted. */
final class TokenOptions {

    /** One audit entry holds all of them. */
    private static final int MAX_TOKENS = 10_000;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "TOKEN",
            description = "The tokens as they are in the table; - reads them from standard input, one per line.")
    List<String> tokens = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the tokens from a file, one per line.")
    @Nullable
    Path file;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            description = "The column of the tokens (found from the key ID in each token).")
    @Nullable
    String column;

    /** In the order given, at least one. */
    List<String> read(Console console) {
        List<String> read = readAll(console);
        if (read.isEmpty()) {
            throw usageError("no token was given");
        }
        if (read.size() > MAX_TOKENS) {
            throw usageError("at most " + MAX_TOKENS + " tokens are allowed at once");
        }
        return read;
    }

    private List<String> readAll(Console console) {
        if (file != null && !tokens.isEmpty()) {
            throw usageError("give tokens as arguments or with --file, not both");
        }
        if (file != null) {
            return lines("--file", open(file));
        }
        if (!tokens.contains("-")) {
            return tokens;
        }
        if (tokens.size() > 1) {
            throw usageError("give tokens as arguments or on standard input, not both");
        }
        return lines("standard input", console.in());
    }

    private InputStream open(Path named) {
        try {
            return Files.newInputStream(named);
        } catch (IOException e) {
            throw usageError("--file cannot be read");
        }
    }

    private List<String> lines(String source, InputStream stream) {
        try (BufferedReader lines = new BufferedReader(Utf8.reader(stream))) {
            return lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .limit(MAX_TOKENS + 1L)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw usageError(source + " cannot be read as UTF-8 text");
        }
    }

    /** The given column, which must be one whose tokens can be reversed; null if none is given. */
    @Nullable
    String column(MaskedFields fields) {
        if (column != null && !fields.reversible().contains(column)) {
            throw usageError("--column must be one of the pipeline's columns with reversible tokens: "
                    + (fields.reversible().isEmpty() ? "there are none" : String.join(", ", fields.reversible())));
        }
        return column;
    }

    private ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
