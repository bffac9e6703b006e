package dev.sluice.cli.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints rows under headings, columns aligned. What a terminal would act on is escaped. Used by one thread. */
final class TextTable {

    /** On a terminal, longer values are cut: a token is for machines. */
    private static final int SHORTENED = 24;

    private final List<List<String>> rows = new ArrayList<>();
    private final boolean shorten;

    /** @param shorten whether to cut long values, for a person's eyes */
    TextTable(boolean shorten, List<String> headings) {
        this.shorten = shorten;
        rows.add(headings);
    }

    /** @param cells as many as there are headings; null is shown as {@code NULL} */
    void add(List<? extends @Nullable Object> cells) {
        rows.add(cells.stream()
                .map(cell -> cell == null ? "NULL" : shown(cell.toString()))
                .toList());
    }

    void print(PrintStream out) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append("  ").append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i))));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private String shown(String text) {
        String printable = PrintableStream.escape(text);
        boolean cut = shorten && width(printable) > SHORTENED;
        return cut ? printable.substring(0, printable.offsetByCodePoints(0, SHORTENED - 1)) + "…" : printable;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
