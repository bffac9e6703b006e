package dev.sluice.mapping;

import dev.sluice.detect.PersonalData;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Default;
import dev.sluice.mask.MaskSpec;
import dev.sluice.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one column of a pipeline file and checks its parts against each other. */
final class ColumnReader {

    private final YamlMap map;
    private final String name;

    private ColumnReader(YamlMap map, String name) {
        this.map = map;
        this.name = name;
    }

    static Column read(YamlMap columns, String name) {
        if (!SpecReader.SQL_NAME.matcher(name).matches()) {
            columns.problem(name, "a column's name was expected: lower-case letters, digits, underscores, at most 63");
        }
        return new ColumnReader(columns.map(name), name).column();
    }

    private Column column() {
        map.allowOnly(SpecSection.COLUMN.names());
        ColumnType type = type();
        List<String> from = from();
        Convert convert = map.choice("convert", Convert.values());
        if (convert != null && !convert.gives(type)) {
            map.problem("convert", convert.label() + " does not produce " + type.sql());
        }
        MaskSpec mask = map.has("mask") ? MaskReader.read(map, type) : null;
        Default fallback = fallback(type, mask != null);
        String attribute = attribute(type);
        if (from == null && attribute == null && fallback == null && !map.has("from")) {
            map.problem("from", "missing; expected a field name or a /json/pointer (or from-attribute, or a default)");
        }
        return new Column(
                name, from, attribute, type, map.flag("required", false), fallback, convert, mask, contains(mask));
    }

    private @Nullable PersonalData contains(@Nullable MaskSpec mask) {
        PersonalData contains = map.choice("contains", PersonalData.values());
        if (contains != null && mask != null) {
            map.problem("contains", "applies to columns without a mask only");
        }
        return contains;
    }

    private ColumnType type() {
        String text = map.requiredText("type", SpecKey.TYPE.value().expected());
        ColumnType type = text == null ? null : ColumnType.parse(text);
        if (text != null && type == null) {
            map.problem("type", "expected " + SpecKey.TYPE.value().expected());
        }
        return type == null ? Simple.TEXT : type;
    }

    /** A field's name, or a JSON pointer (RFC 6901) of field names. */
    private @Nullable List<String> from() {
        String text = map.text("from");
        if (text == null) {
            return null;
        }
        return path(map, "from", text);
    }

    private @Nullable String attribute(ColumnType type) {
        String text = map.text("from-attribute");
        if (text == null) {
            return null;
        }
        String problem = map.has("from") ? "either from or from-attribute was expected" : Attribute.nameProblem(text);
        if (problem != null) {
            map.problem("from-attribute", problem);
        }
        if (type == Simple.BOOLEAN || type == Simple.JSONB) {
            map.problem("from-attribute", "an attribute is a text or a number, and does not give " + type.sql());
        }
        return text;
    }

    /** @param key the key that holds {@code text}, for problems */
    static List<String> path(YamlMap map, String key, String text) {
        if (!text.startsWith("/")) {
            return List.of(text);
        }
        List<String> path = new ArrayList<>();
        for (String part : text.substring(1).split("/", -1)) {
            if (part.replace("~0", "").replace("~1", "").contains("~")) {
                map.problem(key, "in a JSON pointer ~ is written ~0, and / is written ~1");
            }
            path.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return path;
    }

    private @Nullable Default fallback(ColumnType type, boolean masked) {
        String text = map.text("default");
        if (text == null) {
            return null;
        }
        if (masked) {
            map.problem("default", "a masked column cannot have a default: it would be stored unmasked");
            return null;
        }
        Default fallback = Defaults.parse(type, text);
        if (fallback == null) {
            map.problem("default", "does not fit " + type.sql() + "; expected " + Defaults.expected(type));
        }
        return fallback;
    }
}
