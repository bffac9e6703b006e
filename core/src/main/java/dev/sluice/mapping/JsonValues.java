package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a whole JSON value for a jsonb column and rewrites it without white space. Rejects what PostgreSQL's jsonb
 * refuses: U+0000 and lone surrogates in any text, numbers beyond {@code numeric} (PostgreSQL, "JSON Types").
 */
final class JsonValues {

    private JsonValues() {}

    /** The value as {@link String}, or a {@link Reason}; leaves the parser on the value's last token. */
    static Object read(JsonParser parser) {
        StringBuilder text = new StringBuilder();
        Reason unfit = null;
        int depth = 0;
        boolean first = true;
        for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
            depth -= token.isStructEnd() ? 1 : 0;
            if (!first && !token.isStructEnd()) {
                text.append(separator(text));
            }
            first = false;
            Reason wrong = append(text, parser, token);
            unfit = unfit == null ? wrong : unfit;
            depth += token.isStructStart() ? 1 : 0;
            if (depth == 0 && token != JsonToken.PROPERTY_NAME) {
                return unfit == null ? text.toString() : unfit;
            }
        }
    }

    /** The separator before the next token: none after an opening bracket or a colon. */
    private static String separator(StringBuilder text) {
        char last = text.charAt(text.length() - 1);
        return last == '{' || last == '[' || last == ':' ? "" : ",";
    }

    private static @Nullable Reason append(StringBuilder text, JsonParser parser, JsonToken token) {
        String value = parser.getString();
        switch (token) {
            case PROPERTY_NAME -> quote(text, value).append(':');
            case VALUE_STRING -> quote(text, value);
            default -> text.append(value);
        }
        if (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING) {
            return Texts.unfit(value);
        }
        return token.isNumeric() && !Numbers.exponentIsSmall(value) ? Reason.OUT_OF_RANGE : null;
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        return quote(new StringBuilder(text.length() + 2), text).toString();
    }

    /** RFC 8259, section 7: quotation mark, reverse solidus and control characters are escaped. */
    private static StringBuilder quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ') {
                text.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return text.append('"');
    }
}
