package dev.sluice.cli;

import dev.sluice.recovery.unmask.MaskedFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
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

/** Where the tokens come from, and of which column they are. What is given may be no token, so it is never quoted. */
final class TokenOptions {

    /** An entry of the audit holds all of them. */
    private static final int MOST = 10_000;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "TOKEN",
            description = "The tokens, as they stand in the table; - reads them from standard input, one a line.")
    List<String> tokens = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the tokens from a file, one a line.")
    @Nullable
    Path file;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            description = "The column that they are of (the key id in each token tells).")
    @Nullable
    String column;

    /** In the order given, at least one. */
    List<String> read(Console console) {
        List<String> read = sources(console);
        if (read.isEmpty()) {
            throw wrong("no token was given");
        }
        if (read.size() > MOST) {
            throw wrong("at most " + MOST + " tokens can be asked for at once");
        }
        return read;
    }

    private List<String> sources(Console console) {
        if (file != null && !tokens.isEmpty()) {
            throw wrong("tokens come as arguments or by --file, not both");
        }
        if (file != null) {
            return lines("--file", open(file));
        }
        if (!tokens.contains("-")) {
            return tokens;
        }
        if (tokens.size() > 1) {
            throw wrong("tokens come as arguments or from standard input, not both");
        }
        return lines("standard input", console.in());
    }

    /** The column that was named, which must be one whose tokens can be turned back; null when none was. */
    @Nullable
    String column(MaskedFields fields) {
        if (column != null && !fields.reversible().contains(column)) {
            throw wrong("--column: the pipeline's columns whose tokens can be turned back are "
                    + (fields.reversible().isEmpty() ? "none" : String.join(", ", fields.reversible())));
        }
        return column;
    }

    private InputStream open(Path named) {
        try {
            return Files.newInputStream(named);
        } catch (IOException e) {
            throw wrong("--file cannot be read");
        }
    }

    private List<String> lines(String source, InputStream stream) {
        try (Reader text = MessageFile.utf8(stream);
                BufferedReader lines = new BufferedReader(text)) {
            return lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .limit(MOST + 1L)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw wrong(source + " cannot be read as UTF-8 text");
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(command.commandLine(), what);
    }
}
