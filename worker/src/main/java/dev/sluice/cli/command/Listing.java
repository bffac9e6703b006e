package dev.sluice.cli.command;

import dev.sluice.output.JsonLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows as a table for people, or as JSON lines or CSV for programs, with every column declared once. The keys of JSON
 * are the header of CSV. Used by one thread.
 *
 * @param <T> what a row is made from
 */
public final class Listing<T> {

    /**
     * @param heading null for a column that only programs get
     * @param key null for a column that only the table has
     * @param value of a row: null if it has none, and otherwise what {@link JsonLine#put} takes
     */
    private record Column<T>(
            @Nullable String heading, @Nullable String key, Function<? super T, ? extends @Nullable Object> value) {}

    /** Rows of a table that are in memory at the same time: their widths are not known before. */
    private static final int TABLE_ROWS = 1_000;

    private static final int ROWS_PER_CHECK = 100;

    private final List<Column<T>> columns = new ArrayList<>();
    private boolean whole;

    /** Where rows come from, such as a table that is read page by page. */
    @FunctionalInterface
    public interface Rows<T> {

        /** Passes every row on, in order, once. */
        void forEach(Consumer<? super T> row);
    }

    /** Prints rows that are lists of values, one for each name. */
    public static Listing<List<? extends @Nullable Object>> ofRows(List<String> names) {
        Listing<List<? extends @Nullable Object>> listing = new Listing<>();
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            listing.column(names.get(i), row -> row.get(index));
        }
        return listing;
    }

    /** A column whose heading is also its key. */
    public Listing<T> column(String name, Function<? super T, ? extends @Nullable Object> value) {
        return column(name, name, value);
    }

    /** A column of the table, of JSON and of CSV. */
    public Listing<T> column(String heading, String key, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(heading, key, value));
        return this;
    }

    /** A column of the table only. */
    public Listing<T> text(String heading, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(heading, null, value));
        return this;
    }

    /** A column of JSON and CSV only. */
    public Listing<T> json(String key, Function<? super T, ? extends @Nullable Object> value) {
        columns.add(new Column<>(null, key, value));
        return this;
    }

    /** Never shortens a value, for values that somebody types again. Without this they may be, to fit a terminal. */
    public Listing<T> whole() {
        whole = true;
        return this;
    }

    /** Prints all rows to standard output. */
    public void print(Program program, List<? extends T> rows) {
        print(program, rows::forEach);
    }

    /**
     * Prints rows as they come, so that a long list is never in memory: a table for people gets its headings again every
     * {@value #TABLE_ROWS} rows.
     */
    public void print(Program program, Rows<T> rows) {
        Console console = program.console();
        Rows<T> wanted = row -> rows.forEach(whileRead(console, row));
        try {
            switch (program.format()) {
                case json -> wanted.forEach(row -> console.out().println(json(row)));
                case csv -> printCsv(console, wanted);
                case text -> printTables(program, wanted);
            }
        } catch (OutputLost e) {
            // the command ends with an exit code that says so
        }
    }

    /** Ends a long list that nobody reads, or that finds no room. */
    private static <T> Consumer<T> whileRead(Console console, Consumer<? super T> row) {
        AtomicLong printed = new AtomicLong();
        return next -> {
            if (printed.incrementAndGet() % ROWS_PER_CHECK == 0 && console.isOutputLost()) {
                throw new OutputLost();
            }
            row.accept(next);
        };
    }

    /** Leaves a loop over rows. */
    private static final class OutputLost extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private void printCsv(Console console, Rows<T> rows) {
        List<Column<T>> keyed =
                columns.stream().filter(column -> column.key() != null).toList();
        try (CsvLines csv = new CsvLines(console)) {
            csv.print(keyed.stream().map(Column::key).toList());
            rows.forEach(row -> csv.print(cells(keyed, row)));
        }
    }

    private void printTables(Program program, Rows<T> rows) {
        List<Column<T>> shown =
                columns.stream().filter(column -> column.heading() != null).toList();
        List<List<@Nullable Object>> page = new ArrayList<>();
        rows.forEach(row -> {
            if (page.size() == TABLE_ROWS) {
                printTable(program, shown, page);
                page.clear();
            }
            page.add(cells(shown, row));
        });
        printTable(program, shown, page);
    }

    private void printTable(Program program, List<Column<T>> shown, List<List<@Nullable Object>> page) {
        TextTable table = new TextTable(
                program.tableWidth(),
                whole,
                shown.stream()
                        .map(column -> Objects.requireNonNull(column.heading()))
                        .toList());
        page.forEach(table::add);
        table.print(program.console().out());
    }

    private static <T> List<@Nullable Object> cells(List<Column<T>> columns, T row) {
        List<@Nullable Object> cells = new ArrayList<>();
        columns.forEach(column -> cells.add(column.value().apply(row)));
        return cells;
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
