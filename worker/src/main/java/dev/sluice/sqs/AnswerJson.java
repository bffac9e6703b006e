package dev.sluice.sqs;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How the answers of SQS are read: property by property, without a tree. What no reader knows is skipped, since AWS adds
 * properties. Every method throws an IllegalArgumentException for another shape than expected, and a JacksonException for
 * what is not JSON. Stateless.
 */
final class AnswerJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private AnswerJson() {}

    /** Reads one property: called with the parser on its value, which it consumes or skips. */
    @FunctionalInterface
    interface PropertyReader {
        void read(String name, JsonParser json);
    }

    /** Reads an answer, which is one object. */
    static void read(byte[] answer, PropertyReader reader) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), answer)) {
            json.nextToken();
            object(json, reader);
        }
    }

    /** Reads the object that the parser is on. */
    static void object(JsonParser json, PropertyReader reader) {
        require(json.currentToken() == JsonToken.START_OBJECT);
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            reader.read(name, json);
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
    }

    /** Reads the array that the parser is on, or null, which counts as an empty one. */
    static void elements(JsonParser json, Consumer<JsonParser> element) {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        require(json.currentToken() == JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            element.accept(json);
        }
    }

    /** The text that the parser is on; null for null. */
    static @Nullable String text(JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        require(json.currentToken() == JsonToken.VALUE_STRING);
        return json.getString();
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw new IllegalArgumentException("an answer of another shape");
        }
    }
}
