package dev.sluice.recovery.audit;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The free part of an entry, as one JSON object: names to texts, numbers or lists of texts, in the order they were put. Its
 * text is part of what is hashed. Never a clear value. Not thread-safe.
 */
public final class Details {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** Puts a text: a token, a name, a code. */
    public Details put(String name, String text) {
        members.put(name, text);
        return this;
    }

    /** Puts a count. */
    public Details put(String name, long count) {
        members.put(name, count);
        return this;
    }

    /** Puts texts. */
    public Details put(String name, List<String> texts) {
        members.put(name, List.copyOf(texts));
        return this;
    }

    /** The JSON object, without white space (RFC 8259). */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.forEach((name, value) -> {
                json.writeName(name);
                write(json, value);
            });
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Long count -> json.writeNumber(count);
            case List<?> texts -> {
                json.writeStartArray();
                texts.forEach(text -> json.writeString(text.toString()));
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    /** The names, none of what they bear. */
    @Override
    public String toString() {
        return "Details" + members.keySet();
    }
}
