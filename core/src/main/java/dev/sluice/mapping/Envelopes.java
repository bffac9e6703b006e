package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Unwrap;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Removes the envelope that a service puts around an event. Strict: what lacks a required field of the envelope is refused,
 * since its event would be guessed. Stateless.
 */
final class Envelopes {

    private Envelopes() {}

    /**
     * The event.
     *
     * @param body UTF-8, without a byte order mark
     */
    static Body event(Unwrap unwrap, Body body) {
        return switch (unwrap) {
            case NONE -> body;
            case SNS -> sns(body);
            case EVENTBRIDGE -> eventBridge(body);
            case CLOUDEVENTS -> CloudEvents.event(body);
        };
    }

    /**
     * The event in the JSON that SNS wraps around a message for a queue without raw message delivery: an object whose {@code
     * Type} is {@code Notification} and whose {@code Message} is the event's text (SNS Developer Guide, "HTTP/HTTPS
     * notification JSON format").
     */
    private static Body sns(Body body) {
        Fields fields = Fields.of(body);
        String type = fields == null ? null : fields.texts.get("Type");
        String message = fields == null ? null : fields.texts.get("Message");
        return "Notification".equals(type) && message != null && Texts.unfit(message) == null
                ? Body.of(message.getBytes(StandardCharsets.UTF_8))
                : Body.refused(body.buffer(), Reason.NOT_SNS);
    }

    /**
     * The object {@code detail} of an event that a rule of EventBridge delivered as it was (EventBridge User Guide, "Event
     * structure reference"): the other required fields are texts. Input transformers and pipes may send anything else.
     */
    private static Body eventBridge(Body body) {
        Fields fields = Fields.of(body);
        Body detail = fields == null
                        || !fields.hasTexts("version", "id", "detail-type", "source", "account", "time", "region")
                ? null
                : fields.values.get("detail");
        return detail != null && detail.buffer()[detail.offset()] == '{'
                ? detail
                : Body.refused(body.buffer(), Reason.NOT_EVENTBRIDGE);
    }

    /**
     * The fields of an object.
     *
     * @param texts those that are strings, decoded
     * @param values all but null, as they stand in the body
     */
    record Fields(Map<String, String> texts, Map<String, Body> values) {

        /** Null if the body is not one JSON object. */
        static @Nullable Fields of(Body body) {
            try (JsonParser parser = Json.parser(body)) {
                Fields fields = parser.nextToken() == JsonToken.START_OBJECT ? read(body, parser) : null;
                return parser.nextToken() == null ? fields : null;
            } catch (JacksonException e) {
                return null;
            }
        }

        /** Reads the object at the parser's position, and leaves the parser on its end. */
        static Fields read(Body body, JsonParser parser) {
            Fields fields = new Fields(new HashMap<>(), new HashMap<>());
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (token == JsonToken.VALUE_STRING) {
                    fields.texts.put(name, parser.getString());
                }
                parser.skipChildren();
                parser.finishToken();
                if (token != JsonToken.VALUE_NULL) {
                    int end = (int) parser.currentLocation().getByteOffset();
                    fields.values.put(name, new Body(body.buffer(), body.offset() + start, end - start, null));
                }
            }
            return fields;
        }

        /** Whether each of them is a text that is not empty. */
        boolean hasTexts(String... names) {
            for (String name : names) {
                if (texts.getOrDefault(name, "").isEmpty()) {
                    return false;
                }
            }
            return true;
        }

        /** Shows how many there are, never a value. */
        @Override
        public String toString() {
            return "Fields[" + values.size() + "]";
        }
    }
}
