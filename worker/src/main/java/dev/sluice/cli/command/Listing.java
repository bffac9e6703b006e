package dev.sluice.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows as a table for people or as JSON lines for programs, with every column declared once. Used by one thread.
 *
 * @param <T> what a row is made from
 */
public final class Listing<T> {

    /**
     * @param heading null for a column that only JSON has
     * @param key null for a column that only the table has
     * @param value of a row: null if it has none, and otherwise what {@link JsonLine#put} takes
     */
    private record Column<T>(
            @Nullable String heading, @Nullable String key, Function<? super T, ? extends @Nullable Object> value) {}

    private final List<Column<T>> columns = new ArrayList<>();
    private boolean whole;

    /** Prints rows that are lists of values, one for each name. */
    public static Listing<List<? extends @Nullable Object>> ofRows(List<String> names) {
        Listing<List<? extends @Nullable Object>> listing = new Listing<>();
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            listing.column(names.get(i), row -> row.get(index));
        }
        return listing;
    }

    /** A column whose heading is also its JSON key. */
    public Listing<T> column(String name, Function<? super T, ? extends @Nullable Object> value) {
        return column(name, name, value);
    }

    /** A column of the table and of JSON. */
    public Listing<T> column(String heading, String key, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(heading, key, value));
        return this;
    }

    /** A column of the table only. */
    public Listing<T> text(String heading, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(heading, null, value));
        return this;
    }

    /** A member of JSON only. */
    public Listing<T> json(String key, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(null, key, value));
        return this;
    }

    /** Never shortens a value, for values that somebody types again. Without this a terminal gets long ones shortened. */
    public Listing<T> whole() {
        whole = true;
        return this;
    }

    /** Prints all rows to standard output. */
    public void print(Program program, List<? extends T> rows) {
        Console console = program.console();
        if (program.json()) {
            rows.forEach(row -> console.out().println(json(row)));
            return;
        }
        List<Column<T>> shown =
                columns.stream().filter(column -> column.heading() != null).toList();
        TextTable table = new TextTable(
                console.interactive() && !whole,
                shown.stream()
                        .map(column -> Objects.requireNonNull(column.heading()))
                        .toList());
        for (T row : rows) {
            List<@Nullable Object> cells = new ArrayList<>();
            shown.forEach(column -> cells.add(column.value().apply(row)));
            table.add(cells);
        }
        table.print(console.out());
    }

    /** One row for a person: a line for each column that has a value. */
    public String lines(T row) {
        JsonLine line = new JsonLine();
        for (Column<T> column : columns) {
            if (column.heading() != null) {
                line.put(column.heading(), column.value().apply(row));
            }
        }
        return line.lines();
    }

    /** One row as a JSON object. */
    public JsonLine json(T row) {
        JsonLine line = new JsonLine();
        for (Column<T> column : columns) {
            if (column.key() != null) {
                line.put(column.key(), column.value().apply(row));
            }
        }
        return line;
    }
}
