package dev.sluice.output;

import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Text that a terminal only shows: message ids, names in a database and texts of requests may hold anything. Stateless. */
public final class TerminalText {

    private TerminalText() {}

    /** Escapes what a terminal acts on, except line feeds and tabs. */
    public static String escapeLines(String text) {
        return escape(text, c -> c != '\n' && c != '\t' && isActedOn(c));
    }

    /** Escapes everything that a terminal acts on: control, bidirectional and zero-width characters. */
    public static String escape(String text) {
        return escape(text, TerminalText::isActedOn);
    }

    private static String escape(String text, IntPredicate escaped) {
        return text.codePoints()
                .mapToObj(c -> escaped.test(c) ? "\\u{" + Integer.toHexString(c) + "}" : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** Whether a terminal may act on a character, or show it so that text reads as other text. */
    public static boolean isActedOn(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
