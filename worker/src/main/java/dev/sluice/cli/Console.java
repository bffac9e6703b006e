package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What surrounds a command: streams and environment. The real ones in the program, others in tests.
 *
 * @param in standard input
 * @param out results, UTF-8
 * @param err progress, warnings, errors, UTF-8
 * @param environment the environment variables
 * @param interactive whether a person looks at {@code out}: decides on progress bars and shortened values
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean interactive) {

    /** Whatever is printed, a terminal acts on nothing in it but the ends of lines. */
    public Console {
        out = PrintableStream.around(out);
        err = PrintableStream.around(err);
    }

    private static final int ANSWER_BYTES = 16;

    /** Set by bin/sluice when both output streams are a terminal; Java 21 has no way to ask. */
    private static final String INTERACTIVE_PROPERTY = "sluice.interactive";

    /** The process's own. */
    public static Console system() {
        return new Console(
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Boolean.getBoolean(INTERACTIVE_PROPERTY));
    }

    /** What a person types, up to the end of the line, without white space around it. */
    String answer() {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0 && c != '\n' && line.length() < ANSWER_BYTES; c = in.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString().strip();
    }

    /** Asks a person on a terminal before something is done for good; whether they typed yes. */
    boolean consents(String question) {
        err.print(question + " Type yes: ");
        return answer().equals("yes");
    }

    /** The same streams with another environment. */
    Console with(Map<String, String> other) {
        return new Console(in, out, err, other, interactive);
    }

    /** No variables: they hold secrets. */
    @Override
    public String toString() {
        return "Console[interactive=" + interactive + "]";
    }
}
