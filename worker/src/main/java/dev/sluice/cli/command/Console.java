package dev.sluice.cli.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The streams and environment of a command: those of the process in the program, others in tests.
 *
 * @param in standard input
 * @param out results, UTF-8
 * @param err progress, warnings, errors, UTF-8
 * @param environment the environment variables
 * @param interactive whether {@code out} is a terminal, for progress bars, shortened values and prompts
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean interactive) {

    /** Makes both output streams escape what a terminal acts on. */
    public Console {
        out = PrintableStream.around(out);
        err = PrintableStream.withStatus(err);
    }

    private static final int ANSWER_BYTES = 16;

    private static final Pattern COLUMNS = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    /** Set by bin/sluice when both output streams are a terminal; Java 21 cannot find that out. */
    private static final String INTERACTIVE_PROPERTY = "sluice.interactive";

    /** The streams and environment of this process. */
    public static Console system() {
        return new Console(
                System.in,
                PrintableStream.over(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                Boolean.getBoolean(INTERACTIVE_PROPERTY));
    }

    /** How wide a line may be: {@code COLUMNS} if that is set, else what the terminal says at this moment, else 80. */
    public int columns() {
        String given = environment.getOrDefault("COLUMNS", "");
        if (COLUMNS.matcher(given).matches()) {
            return Integer.parseInt(given);
        }
        return size().map(TerminalSize::columns).orElse(USUAL_COLUMNS);
    }

    /** How many lines the terminal shows, as it says at this moment; else 24. */
    public int rows() {
        return size().map(TerminalSize::rows).filter(rows -> rows > 0).orElse(USUAL_ROWS);
    }

    private Optional<TerminalSize> size() {
        return interactive ? TerminalSize.now() : Optional.empty();
    }

    /** Shows a line below everything that is printed to {@code err}, until another one replaces it; empty for none. */
    void status(String line) {
        if (err instanceof PrintableStream printable) {
            printable.status(line);
        }
    }

    /** Whether results printed so far could not all be written. Writes what is buffered. */
    public boolean isOutputLost() {
        return out.checkError();
    }

    /**
     * The exit code of a command that has ended: another one if its results could not be written. A reader that closed
     * the pipe has what it wanted: no error is printed then. A failure of the command keeps its code, since it explains why
     * there are no results.
     */
    public int exitCode(int ofCommand) {
        if (!isOutputLost() || ofCommand == ExitCode.OUTPUT) {
            return ofCommand;
        }
        boolean readerGone = out instanceof PrintableStream printable && printable.isReaderGone();
        if (!readerGone) {
            err.println("sluice: results could not be written to standard output; what the command did is done");
        }
        boolean failed = ofCommand != ExitCode.DONE && ofCommand != ExitCode.DATA;
        return failed ? ofCommand : readerGone ? ExitCode.READER_GONE : ExitCode.OUTPUT;
    }

    /** Reads what a person types, up to the end of the line, without white space around it. */
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

    /** Without the variables: they hold secrets. */
    @Override
    public String toString() {
        return "Console[interactive=" + interactive + "]";
    }
}
