package dev.sluice.mapping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one record: the object at the parser's position becomes an array of column values; or the reader remembers the
 * first column (in the pipeline's order) that cannot be filled, and why. One instance per record; not thread-safe.
 */
final class RecordReader {

    /** A null that was sent: the column has no value, but its field is not absent. */
    private static final Object JSON_NULL = new Object();

    private final CompiledColumn[] columns;
    private final JsonParser parser;
    private final FieldCounters counters;
    private final @Nullable Object[] values;

    private @Nullable Reason reason;
    private int faultyColumn = Integer.MAX_VALUE;
    private int dropped;

    RecordReader(CompiledColumn[] columns, JsonParser parser, FieldCounters counters) {
        this.columns = columns;
        this.counters = counters;
        this.parser = parser;
        this.values = new Object[columns.length];
    }

    /**
     * Reads the object at the parser's position, and leaves the parser on its end.
     *
     * @param attributes as {@link AttributeReader#values}
     */
    void read(FieldNode root, @Nullable Object[] attributes, Instant sentAt) {
        for (int column = 0; column < attributes.length; column++) {
            if (attributes[column] != null) {
                put(column, attributes[column]);
            }
        }
        object(root);
        for (int column = 0; column < columns.length; column++) {
            Object value = values[column];
            if (value == null || JSON_NULL.equals(value)) {
                put(column, columns[column].absent(sentAt));
            }
            if (value == null) {
                counters.absent(column);
            }
        }
        counters.record(dropped);
    }

    /** The reason of the rejection; null if the record becomes a row. */
    @Nullable
    Reason reason() {
        return reason;
    }

    /** The column that {@link #reason()} refers to. */
    String column() {
        return columns[faultyColumn].name();
    }

    /** One value per column; valid only if there is no {@link #reason()}. */
    @Nullable
    Object[] values() {
        return values;
    }

    private void object(FieldNode node) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            FieldNode child = node.child(name);
            if (child == null) {
                counters.unread(node, name);
            }
            parser.nextToken();
            place(child);
        }
    }

    private void array(FieldNode node) {
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            place(node.child(Integer.toString(index)));
        }
    }

    private void place(@Nullable FieldNode node) {
        JsonToken token = parser.currentToken();
        if (node == null) {
            dropped++;
            parser.skipChildren();
        } else if (token == JsonToken.VALUE_NULL) {
            for (int column : node.columns()) {
                values[column] = JSON_NULL;
            }
        } else if (!node.hasChildren()) {
            value(node.columns());
        } else if (token == JsonToken.START_OBJECT) {
            object(node);
        } else if (token == JsonToken.START_ARRAY) {
            array(node);
        }
    }

    /** Columns of whole values come last: reading one moves the parser. */
    private void value(int[] readers) {
        int whole = -1;
        for (int column : readers) {
            if (columns[column].wholeValue()) {
                whole = column;
            } else {
                put(column, columns[column].reader().apply(parser));
            }
        }
        if (whole < 0) {
            parser.skipChildren();
            return;
        }
        Object value = columns[whole].reader().apply(parser);
        for (int column : readers) {
            if (columns[column].wholeValue()) {
                put(column, value);
            }
        }
    }

    private void put(int column, @Nullable Object value) {
        values[column] = value;
        if (value instanceof Reason unfit && column < faultyColumn) {
            faultyColumn = column;
            reason = unfit;
        }
    }
}
