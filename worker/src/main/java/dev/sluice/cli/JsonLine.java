package dev.sluice.cli;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object on one line, keys in the order they were put. */
final class JsonLine {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** @param value text, whole or decimal number, boolean, a list or map of such, null; anything else by its text */
    JsonLine put(String key, @Nullable Object value) {
        members.put(key, value);
        return this;
    }

    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.forEach((key, value) -> {
                json.writeName(key);
                write(json, value);
            });
            json.writeEndObject();
        }
        return escaped(text.toString());
    }

    /**
     * JSON demands escapes below U+0020 only. DEL, the controls from U+0080 on and those of writing direction reach a
     * terminal too: they can only stand in strings, where an escape means the same.
     */
    private static String escaped(String json) {
        StringBuilder shown = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (TextTable.isActedOn(c)) {
                for (char unit : Character.toChars(c)) {
                    shown.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    /** The same for people: a line a member, absent values left out. */
    String lines() {
        StringBuilder text = new StringBuilder();
        members.forEach((key, value) -> {
            if (value != null) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append(String.format(Locale.ROOT, "%-17s %s", key, TextTable.printable(value.toString())));
            }
        });
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean bool -> json.writeBoolean(bool);
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, member) -> {
                    json.writeName(String.valueOf(key));
                    write(json, member);
                });
                json.writeEndObject();
            }
            default -> json.writeString(value.toString());
        }
    }
}
