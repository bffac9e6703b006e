package dev.sluice.cli.quarantine;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Describes a record without its values: the names of its fields, and the type and length of each value. */
public final class JsonShape {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** What looks like a name; anything else might be a value in the wrong place. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_-]{0,39}");

    private static final int MOST_FIELDS = 50;

    private JsonShape() {}

    /** The shape of a record, which may not be JSON. */
    public static String of(byte[] original) {
        StringBuilder shape = new StringBuilder();
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), new String(original, StandardCharsets.UTF_8))) {
            parser.nextToken();
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                return describe(parser);
            }
            for (int field = 0; parser.nextToken() == JsonToken.PROPERTY_NAME; field++) {
                if (field == MOST_FIELDS) {
                    return shape.append(", and more").toString();
                }
                String name = parser.currentName();
                parser.nextToken();
                shape.append(field == 0 ? "" : ", ")
                        .append(shown(name))
                        .append(": ")
                        .append(describe(parser));
            }
            return shape.isEmpty() ? "an object without fields" : shape.toString();
        } catch (JacksonException e) {
            return shape + (shape.isEmpty() ? "not JSON" : ", then not JSON");
        }
    }

    private static String shown(String name) {
        return NAME.matcher(name).matches() ? name : "(name of " + name.length() + " characters)";
    }

    private static String describe(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> "text of " + parser.getString().length() + " characters";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                "number of " + parser.getString().length() + " characters";
            case VALUE_TRUE, VALUE_FALSE -> "boolean";
            case VALUE_NULL -> "null";
            case START_OBJECT -> skipped(parser, "object");
            case START_ARRAY -> skipped(parser, "array");
            case null -> "nothing";
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "nothing";
        };
    }

    private static String skipped(JsonParser parser, String what) {
        parser.skipChildren();
        return what;
    }
}
