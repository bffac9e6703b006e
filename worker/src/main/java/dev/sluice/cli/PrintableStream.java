package dev.sluice.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Text on its way to a terminal. Message ids, names in a database and what others have written into a request are printed
 * in many places: here none of it can steer the terminal. Line feeds and tabs pass; text from outside that must not begin
 * a line is escaped where it is printed. Bytes pass as they are.
 */
final class PrintableStream extends PrintStream {

    private final PrintStream behind;

    private PrintableStream(PrintStream to) {
        super(to, true, StandardCharsets.UTF_8);
        this.behind = to;
    }

    /** Once is enough. */
    static PrintableStream around(PrintStream to) {
        return to instanceof PrintableStream printable ? printable : new PrintableStream(to);
    }

    /** Past the escaping, for what steers the terminal on purpose: a progress bar. */
    static PrintStream behind(PrintStream stream) {
        return stream instanceof PrintableStream printable ? printable.behind : stream;
    }

    /** All other methods that print text come here, but those below. */
    @Override
    public void print(@Nullable String text) {
        super.print(text == null ? "null" : text(text));
    }

    @Override
    public void print(char character) {
        print(String.valueOf(character));
    }

    @Override
    public void print(char[] characters) {
        print(String.valueOf(characters));
    }

    /** The text with everything escaped that is acted on, but its lines. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t') {
                shown.append((char) c);
            } else {
                shown.append(TextTable.printable(Character.toString(c)));
            }
        });
        return shown.toString();
    }
}
