package dev.sluice.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Compares JSON as PostgreSQL's jsonb does: keys in any order, numbers by value. Stateless. */
final class JsonTree {

    private JsonTree() {}

    /** A JSON text as a column of jsonb takes it, or the {@link Reason} why none does. */
    static Object checked(String json) {
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            return JsonValues.read(parser);
        } catch (JacksonException beyondTheLimits) {
            return Reason.TOO_DEEP;
        }
    }

    /** Whether two texts that {@link JsonValues#read} gave are equal for jsonb. */
    static boolean equal(String one, String other) {
        return tree(one).equals(tree(other));
    }

    private static Object tree(String json) {
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            return tree(parser);
        }
    }

    private static Object tree(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                parser.getDecimalValue().stripTrailingZeros();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Optional.empty();
            default -> parser.getString();
        };
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, tree(parser));
        }
        return members;
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(tree(parser));
        }
        return elements;
    }
}
