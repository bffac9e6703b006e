package dev.sluice.cli;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints masked rows, as a table or as JSON lines. */
final class RowView {

    private RowView() {}

    static List<String> headings(PipelineSpec spec) {
        return spec.columns().stream().map(Column::name).toList();
    }

    static void print(Sluice sluice, List<String> headings, List<? extends List<? extends @Nullable Object>> rows) {
        print(sluice, headings, rows, sluice.console().interactive());
    }

    /** Shortens nothing, for values that somebody will type again. */
    static void printWhole(
            Sluice sluice, List<String> headings, List<? extends List<? extends @Nullable Object>> rows) {
        print(sluice, headings, rows, false);
    }

    private static void print(
            Sluice sluice,
            List<String> headings,
            List<? extends List<? extends @Nullable Object>> rows,
            boolean shorten) {
        Console console = sluice.console();
        if (sluice.json()) {
            for (List<? extends @Nullable Object> row : rows) {
                JsonLine line = new JsonLine();
                for (int i = 0; i < headings.size(); i++) {
                    line.put(headings.get(i), row.get(i));
                }
                console.out().println(line);
            }
            return;
        }
        TextTable table = new TextTable(shorten, headings);
        rows.forEach(table::add);
        table.print(console.out());
    }
}
