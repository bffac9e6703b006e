package dev.sluice.aws;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads one text from a JSON object. Stateless; shows nothing of what it reads. */
final class JsonMember {

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonMember() {}

    /** Whether the text is one JSON object. */
    static boolean isObject(String text) {
        try (JsonParser json = STRICT.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (JacksonException malformed) {
            return false;
        }
    }

    /** The text or number that the names lead to, from the root; empty when it is not there or the bytes are not JSON. */
    static Optional<String> text(byte[] object, String... path) {
        try (JsonParser json = STRICT.createParser(ObjectReadContext.empty(), object)) {
            return json.nextToken() == JsonToken.START_OBJECT ? member(json, List.of(path)) : Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> member(JsonParser json, List<String> path) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = path.getFirst().equals(json.currentName());
            JsonToken value = json.nextToken();
            if (found && path.size() == 1) {
                return value.isScalarValue() && value != JsonToken.VALUE_NULL
                        ? Optional.of(json.getString())
                        : Optional.empty();
            }
            if (found && value == JsonToken.START_OBJECT) {
                return member(json, path.subList(1, path.size()));
            }
            json.skipChildren();
        }
        return Optional.empty();
    }
}
