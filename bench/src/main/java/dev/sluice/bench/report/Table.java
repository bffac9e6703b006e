package dev.sluice.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Markdown table whose columns are aligned, so that a terminal shows it well too. Not thread-safe. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** @param header the first row */
    public Table(List<String> header) {
        rows.add(header);
    }

    /** @param cells as many as the header has */
    public void row(List<String> cells) {
        rows.add(cells);
    }

    /** Lines, each with a line end. */
    public String markdown() {
        List<Integer> widths = IntStream.range(0, rows.getFirst().size())
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        List<String> lines =
                new ArrayList<>(rows.stream().map(row -> line(row, widths)).toList());
        lines.add(1, widths.stream().map(width -> "-".repeat(width + 2)).collect(Collectors.joining("|", "|", "|")));
        return String.join("\n", lines) + "\n";
    }

    private static String line(List<String> row, List<Integer> widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> row.get(column)
                        + String.join(
                                "",
                                Collections.nCopies(
                                        widths.get(column) - row.get(column).length(), " ")))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
