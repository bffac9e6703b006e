package dev.sluice.cli.command;

import dev.sluice.output.TerminalText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows under headings, columns aligned. If lines would be too long, the longest values are shortened; if too little
 * would be left of them, each row is printed as lines of heading and value. What a terminal would act on is escaped. Used by one
 * thread.
 */
final class TextTable {

    private static final String GAP = "  ";

    /** Of a value as short as this, the beginning still tells tokens apart: 8 characters of Base64 are 48 bits. */
    private static final int MIN_COLUMN = 8;

    private final List<List<String>> rows = new ArrayList<>();
    private final int width;
    private final boolean whole;

    /**
     * @param width of a line, in characters
     * @param whole whether values must not be shortened
     */
    TextTable(int width, boolean whole, List<String> headings) {
        this.width = width;
        this.whole = whole;
        rows.add(headings);
    }

    /** @param cells as many as there are headings; null is shown as {@code NULL} */
    void add(List<? extends @Nullable Object> cells) {
        rows.add(cells.stream()
                .map(cell -> cell == null ? "NULL" : TerminalText.escape(cell.toString()))
                .toList());
    }

    void print(PrintStream out) {
        int[] natural = widths(rows);
        int[] headings = widths(rows.subList(0, 1));
        int available = width - natural.length * GAP.length();
        if (sum(natural) <= available) {
            printRows(out, natural);
        } else if (!whole && sum(limited(natural, headings, MIN_COLUMN)) <= available) {
            printRows(out, fitted(natural, headings, available));
        } else if (!whole && sum(limited(natural, new int[natural.length], MIN_COLUMN)) <= available) {
            printRows(out, fitted(natural, new int[natural.length], available));
        } else {
            printLines(out, Arrays.stream(headings).max().orElse(0));
        }
    }

    private static int[] widths(List<List<String>> rows) {
        return IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
    }

    /** The widest columns that fit, all shortened ones equally wide. */
    private static int[] fitted(int[] natural, int[] least, int available) {
        int limit = available;
        while (sum(limited(natural, least, limit)) > available) {
            limit--;
        }
        return limited(natural, least, limit);
    }

    /** Columns no wider than a limit, unless their least width is above it. */
    private static int[] limited(int[] natural, int[] least, int limit) {
        return IntStream.range(0, natural.length)
                .map(column -> Math.max(least[column], Math.min(natural[column], limit)))
                .toArray();
    }

    private static int sum(int[] widths) {
        return Arrays.stream(widths).sum();
    }

    private void printRows(PrintStream out, int[] widths) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(GAP).append(padded(shortened(row.get(i), widths[i]), widths[i]));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private void printLines(PrintStream out, int headingWidth) {
        List<String> headings = rows.getFirst();
        int valueWidth = whole ? Integer.MAX_VALUE : Math.max(MIN_COLUMN, width - headingWidth - 2 * GAP.length());
        for (List<String> row : rows.subList(1, rows.size())) {
            for (int i = 0; i < headings.size(); i++) {
                String line = GAP + padded(headings.get(i), headingWidth) + GAP + shortened(row.get(i), valueWidth);
                out.println(line.stripTrailing());
            }
            out.println();
        }
    }

    private static String shortened(String text, int width) {
        return width(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - width(text));
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
