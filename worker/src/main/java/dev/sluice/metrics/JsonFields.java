package dev.sluice.metrics;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of a JSON object from another process, which may be any program: read with limits, by name and type. A member
 * that is absent or of another type throws {@link IllegalArgumentException}; unknown members, of a newer worker, are ignored.
 *
 * @param members texts, numbers as Double or Long, booleans, maps and lists; null for null
 */
record JsonFields(Map<String, @Nullable Object> members) {

    /** Ten times what a document needs. */
    private static final int MAX_TOKENS = 100_000;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_TEXT = 10_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNameLength(MAX_TEXT)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .build();

    /** @throws tools.jackson.core.JacksonException when it is not JSON, or beyond the limits */
    static JsonFields parse(String json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            JsonFields fields = new JsonFields(object(parser));
            require(parser.nextToken() == null);
            return fields;
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getString();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    String text(String name) {
        return present(textOrNull(name));
    }

    @Nullable
    String textOrNull(String name) {
        Object value = members.get(name);
        require(value == null || value instanceof String);
        return (String) value;
    }

    Instant time(String name) {
        return present(timeOrNull(name));
    }

    @Nullable
    Instant timeOrNull(String name) {
        String text = textOrNull(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException notATime) {
            throw new IllegalArgumentException(name);
        }
    }

    long count(String name) {
        return present(countOrNull(name));
    }

    @Nullable
    Long countOrNull(String name) {
        Object value = members.get(name);
        require(value == null || value instanceof Long);
        return (Long) value;
    }

    double number(String name) {
        return present(numberOrNull(name));
    }

    @Nullable
    Double numberOrNull(String name) {
        Object value = members.get(name);
        require(value == null || value instanceof Number);
        return value instanceof Number number ? number.doubleValue() : null;
    }

    JsonFields fields(String name) {
        return present(fieldsOrNull(name));
    }

    @Nullable
    JsonFields fieldsOrNull(String name) {
        Object value = members.get(name);
        return value == null ? null : of(value);
    }

    List<JsonFields> list(String name) {
        require(members.get(name) instanceof List<?>);
        List<JsonFields> elements = new ArrayList<>();
        for (Object element : (List<?>) present(members.get(name))) {
            elements.add(of(element));
        }
        return elements;
    }

    @SuppressWarnings("unchecked") // a map is one that object() made
    private static JsonFields of(@Nullable Object value) {
        require(value instanceof Map<?, ?>);
        return new JsonFields((Map<String, @Nullable Object>) present(value));
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("a member is missing");
        }
        return value;
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw new IllegalArgumentException("another type was expected");
        }
    }

    /** The number of members only: the texts of an unknown server may be anything. */
    @Override
    public String toString() {
        return "JsonFields[" + members.size() + "]";
    }
}
