package dev.sluice.mapping;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The id of a record, personal data. Shows its type only.
 *
 * @param type {@code number}, {@code text} or {@code place}, so that a number and a text of the same characters differ
 */
record RecordId(String type, String text) {

    /** Reads the field that holds the producer's id: an id or a {@link Reason}. */
    static Object read(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return new RecordId("number", parser.getString());
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return Reason.NOT_TEXT;
        }
        String text = parser.getString();
        Reason unfit = text.isBlank() ? Reason.BLANK : Texts.unfit(text);
        return unfit == null ? new RecordId("text", text) : unfit;
    }

    @Override
    public String toString() {
        return "RecordId[" + type + "]";
    }
}
