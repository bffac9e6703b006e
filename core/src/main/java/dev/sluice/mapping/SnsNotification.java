package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The JSON that SNS wraps around a message for a queue without raw message delivery: an object whose {@code Type} is
 * {@code Notification} and whose {@code Message} is the event's text (SNS Developer Guide, "HTTP/HTTPS notification
 * JSON format").
 */
final class SnsNotification {

    private SnsNotification() {}

    /** The event's text; null if the body is not a notification. */
    static @Nullable String message(Body body) {
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String type = null;
            String message = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                type = isText && name.equals("Type") ? parser.getString() : type;
                message = isText && name.equals("Message") ? parser.getString() : message;
                parser.skipChildren();
            }
            boolean isLast = parser.nextToken() == null;
            return isLast && "Notification".equals(type) && message != null && Texts.unfit(message) == null
                    ? message
                    : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
