package dev.sluice.mapping;

import dev.sluice.detect.ColumnScan;
import dev.sluice.detect.Sighting;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mapping.PipelineSpec.Column;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Personal data that nobody masked: looks at what would be stored, or is, in the columns without a mask that can hold a
 * text or a long number. Keeps counts, no value. Used by one thread.
 */
public final class UnmaskedColumns {

    private static final JsonFactory JSON = new JsonFactory();

    /** @param index of the pipeline's columns */
    private record Watched(int index, Column column, ColumnScan scan) {}

    private final List<Watched> columns = new ArrayList<>();

    /** Has seen nothing yet. */
    public UnmaskedColumns(PipelineSpec spec) {
        for (int i = 0; i < spec.columns().size(); i++) {
            Column column = spec.columns().get(i);
            if (column.mask() == null && canHoldPersonalData(column.type())) {
                columns.add(new Watched(i, column, new ColumnScan(column.name())));
            }
        }
    }

    private static boolean canHoldPersonalData(ColumnType type) {
        return type instanceof Varchar || type == Simple.TEXT || type == Simple.JSONB || type == Simple.BIGINT;
    }

    /** The columns that are looked at, in the table's order. */
    public List<Column> columns() {
        return columns.stream().map(Watched::column).toList();
    }

    /** Looks at a row as it would be stored. */
    public void add(Row row) {
        for (Watched watched : columns) {
            Object value = row.value(watched.index());
            if (value != null) {
                add(watched, value.toString());
            }
        }
    }

    /**
     * Looks at a stored value.
     *
     * @param index of {@link #columns}
     * @param value as text
     */
    public void add(int index, String value) {
        add(columns.get(index), value);
    }

    private static void add(Watched watched, String value) {
        if (watched.column().type() == Simple.JSONB) {
            watched.scan().addAny(texts(value));
        } else {
            watched.scan().add(value);
        }
    }

    /** The texts within a JSON value, names aside. */
    private static List<String> texts(String value) {
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), value)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    texts.add(parser.getString());
                }
            }
        } catch (JacksonException beyondTheParsersLimits) {
            // PostgreSQL takes more than the parser does; what was read until here counts.
            return texts;
        }
        return texts;
    }

    /** What looks like personal data and is not declared by {@code contains:}, in the table's order. */
    public List<Sighting> sightings() {
        return columns.stream()
                .flatMap(watched -> watched.scan().sightings().stream()
                        .filter(sighting -> sighting.kind() != watched.column().contains()))
                .toList();
    }
}
