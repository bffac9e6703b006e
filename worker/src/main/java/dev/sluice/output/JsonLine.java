package dev.sluice.output;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object on one line, keys in the order they were put. Used by one thread. */
public final class JsonLine {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /**
     * @param value a number, boolean, null, another {@code JsonLine}, or a list or map of such; anything else is written
     *     as its text
     */
    public JsonLine put(String key, @Nullable Object value) {
        members.put(key, value);
        return this;
    }

    @Override
    public String toString() {
        return json(members);
    }

    /** A value as text: an object or a list as JSON, anything else as it prints. */
    public static String text(Object value) {
        return switch (value) {
            case JsonLine line -> line.toString();
            case List<?> list -> json(list);
            case Map<?, ?> map -> json(map);
            default -> value.toString();
        };
    }

    /** A value as JSON on one line. */
    public static String json(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        // JSON requires escapes below U+0020 only; a terminal acts on others too.
        return escape(text.toString(), TerminalText::isActedOn);
    }

    /**
     * Replaces characters of a JSON text by escapes. They must occur in strings only, where an escape means the same.
     *
     * @param escaped whether a code point is replaced
     */
    public static String escape(String json, IntPredicate escaped) {
        StringBuilder text = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (escaped.test(c)) {
                for (char unit : Character.toChars(c)) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    /** The same for people: one line per member, absent values left out. */
    public String lines() {
        StringBuilder text = new StringBuilder();
        members.forEach((key, value) -> {
            if (value != null) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append(String.format(Locale.ROOT, "%-17s %s", key, TerminalText.escape(value.toString())));
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
            case BigInteger number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Boolean bool -> json.writeBoolean(bool);
            case JsonLine line -> write(json, line.members);
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
