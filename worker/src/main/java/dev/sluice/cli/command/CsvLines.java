package dev.sluice.cli.command;

import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows as CSV (RFC 4180, UTF-8, lines end with CRLF). As in PostgreSQL's COPY, NULL is an empty cell and an empty text a
 * quoted one. Used by one thread.
 *
 * <p>A spreadsheet runs a text that begins like a formula, and ids and locales come from whoever sent the message. Such a text
 * gets an apostrophe before it (OWASP, "CSV Injection"), and {@link #close} reports how many did.
 */
final class CsvLines implements AutoCloseable {

    /** OWASP, "CSV Injection": what makes a spreadsheet evaluate a cell, with the wide forms of the first four. */
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private static final String QUOTED = ",\"\r\n";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean escape;
    private long guarded;

    /** On a terminal, characters that it acts on are escaped; elsewhere cells are exact. */
    CsvLines(Console console) {
        this.out = console.out();
        this.err = console.err();
        this.escape = console.interactive();
    }

    /** @param cells null, or what {@link JsonLine#put} takes; an object or a list is printed as JSON */
    void print(List<? extends @Nullable Object> cells) {
        String line = cells.stream().map(this::cell).collect(Collectors.joining(",", "", "\r\n"));
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length); // bytes pass the stream unescaped
    }

    private String cell(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> quoted(guarded(JsonLine.text(value)));
        };
    }

    private String guarded(String text) {
        if (text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0) {
            return text;
        }
        guarded++;
        return "'" + text;
    }

    private String quoted(String text) {
        String shown = escape ? TerminalText.escape(text) : text;
        boolean plain = !shown.isBlank() && shown.chars().noneMatch(c -> QUOTED.indexOf(c) >= 0);
        return plain ? shown : "\"" + shown.replace("\"", "\"\"") + "\"";
    }

    /** Reports the texts that were changed, to standard error. */
    @Override
    public void close() {
        if (guarded > 0) {
            err.println("sluice: texts that begin with = + - @ or a control character: " + guarded
                    + ". Each has an apostrophe before it, so that a spreadsheet does not run it as a formula;"
                    + " --output json has them unchanged.");
        }
    }
}
