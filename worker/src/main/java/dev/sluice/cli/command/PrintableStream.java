package dev.sluice.cli.command;

import dev.sluice.output.TerminalText;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Escapes text on its way to a terminal, so that message ids, names in a database and texts of requests cannot control it.
 * Line feeds, tabs and bytes pass; where such text must not start a line, {@link TerminalText#escape} is called where it is printed.
 */
public final class PrintableStream extends PrintStream {

    private final PrintStream behind;
    private final @Nullable WatchedStream watched;
    private final @Nullable StatusStream status;

    private PrintableStream(PrintStream to, @Nullable WatchedStream watched, @Nullable StatusStream status) {
        super(to, true, StandardCharsets.UTF_8);
        this.behind = to;
        this.watched = watched;
        this.status = status;
    }

    /** Writes to a stream, whole lines at a time, and remembers why a write failed. */
    static PrintableStream over(OutputStream to) {
        WatchedStream watched = new WatchedStream(to);
        BufferedOutputStream lines = new BufferedOutputStream(watched);
        return new PrintableStream(new PrintStream(lines, true, StandardCharsets.UTF_8), watched, null);
    }

    /** The stream itself if it escapes already. */
    static PrintableStream around(PrintStream to) {
        return to instanceof PrintableStream printable ? printable : new PrintableStream(to, null, null);
    }

    /** The same, with a status line below what is printed. */
    static PrintableStream withStatus(PrintStream to) {
        if (to instanceof PrintableStream printable && printable.status != null) {
            return printable;
        }
        StatusStream status = new StatusStream(to);
        return new PrintableStream(new PrintStream(status, true, StandardCharsets.UTF_8), null, status);
    }

    /** Shows another status line, or none if it is empty. */
    void status(String line) {
        try {
            if (status != null) {
                status.show(line);
            }
        } catch (IOException e) {
            setError();
        }
    }

    /** Whether a write failed because the reader closed the pipe: {@code sluice show | head}. */
    boolean isReaderGone() {
        return watched != null && watched.isReaderGone();
    }

    /** Without the escaping, for text of our own that controls the terminal on purpose: a progress bar, colours, help. */
    public static PrintStream behind(PrintStream stream) {
        return stream instanceof PrintableStream printable ? printable.behind : stream;
    }

    /** All other methods that print text call this one, except those below. */
    @Override
    public void print(@Nullable String text) {
        super.print(text == null ? "null" : TerminalText.escapeLines(text));
    }

    @Override
    public void print(char character) {
        print(String.valueOf(character));
    }

    @Override
    public void print(char[] characters) {
        print(String.valueOf(characters));
    }
}
