package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Column;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Reads message attributes into the columns that name one. Thread-safe. */
final class AttributeReader {

    private static final @Nullable Object[] NO_VALUES = {};

    private final @Nullable String[] byColumn;
    private final CompiledColumn[] columns;

    /** @param columns compiled, the pipeline's first */
    AttributeReader(PipelineSpec spec, CompiledColumn[] columns) {
        @Nullable
        String[] names = spec.columns().stream().map(Column::fromAttribute).toArray(String[]::new);
        this.byColumn = Arrays.stream(names).allMatch(Objects::isNull) ? new String[0] : names;
        this.columns = columns;
    }

    /**
     * Per column its value, masked if it is, or the {@link Reason} why it has none; null where the attribute is absent or
     * the column reads none. Empty if no column reads an attribute.
     */
    @Nullable
    Object[] values(Attributes attributes) {
        if (byColumn.length == 0) {
            return NO_VALUES;
        }
        @Nullable Object[] values = new Object[byColumn.length];
        for (int column = 0; column < values.length; column++) {
            String name = byColumn[column];
            Attribute attribute = name == null ? null : attributes.get(name);
            if (attribute != null) {
                values[column] = value(columns[column], attribute);
            }
        }
        return values;
    }

    /** A String is read as a JSON string, a Number as a JSON number, by the same rules as a field. */
    private static Object value(CompiledColumn column, Attribute attribute) {
        return switch (attribute.type()) {
            case STRING -> value(column, JsonValues.quoted(attribute.text()));
            case NUMBER ->
                Numbers.isJsonNumber(attribute.text()) ? value(column, attribute.text()) : Reason.NOT_A_NUMBER;
            case BINARY -> Reason.BINARY_ATTRIBUTE;
        };
    }

    private static Object value(CompiledColumn column, String json) {
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            return column.reader().apply(parser);
        } catch (JacksonException beyondLimits) {
            return Reason.OUT_OF_RANGE;
        }
    }
}
