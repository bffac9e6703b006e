package dev.sluice.output;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Texts of the database as the values that they stand for, as {@link JsonLine#put} takes them. Stateless. */
public final class StoredValues {

    private static final JsonFactory FACTORY = new JsonFactory();

    private StoredValues() {}

    /**
     * A column's text as a number, boolean or nested JSON.
     *
     * @param sqlType as the pipeline declares it; the table may have another type
     * @param text PostgreSQL's output; null for NULL
     * @return the text itself where it is not of that type
     */
    public static @Nullable Object of(String sqlType, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return switch (sqlType) {
                case "integer", "bigint" -> Long.valueOf(text);
                case "boolean" -> bool(text);
                case "jsonb" -> json(text);
                default -> sqlType.startsWith("numeric") ? new BigDecimal(text) : text;
            };
        } catch (NumberFormatException otherType) {
            return text;
        }
    }

    private static Object bool(String text) {
        return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
    }

    /** The value of a JSON text; the text itself if it is not JSON. Null for JSON's null. */
    public static @Nullable Object json(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return text;
            }
            Object value = value(parser);
            return parser.nextToken() == null ? value : text;
        } catch (JacksonException notJson) {
            return text; // without the cause, which quotes it
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
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

    private static Object integer(BigInteger number) {
        return number.bitLength() < Long.SIZE ? number.longValue() : number;
    }
}
