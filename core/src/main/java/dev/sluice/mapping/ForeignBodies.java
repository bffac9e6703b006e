package dev.sluice.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes a second look at a rejected body, for formats that are often sent to queues by mistake: a reason that names the
 * envelope saves the reader an hour. Never fetches what such a body points to.
 */
final class ForeignBodies {

    /** First element of the pointer by which Amazon's extended client libraries replace a large payload. */
    private static final Set<String> POINTER_CLASSES = Set.of(
            "software.amazon.payloadoffloading.PayloadS3Pointer", "com.amazon.sqs.javamessaging.MessageS3Pointer");

    /** Shorter texts of the base64 alphabet are taken for words. */
    private static final int SHORTEST_BASE64 = 16;

    private ForeignBodies() {}

    /** A more precise reason for a body that is not a JSON object or array, or the given one. */
    static Reason explain(Body body, Reason reason) {
        if (reason == Reason.NOT_JSON && isBase64(body)) {
            return Reason.BASE64_BODY;
        }
        String text = reason == Reason.NOT_AN_OBJECT ? firstText(body, JsonToken.VALUE_STRING) : null;
        return text != null && looksLikeJson(text.strip()) ? Reason.JSON_IN_STRING : reason;
    }

    private static boolean looksLikeJson(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }

    /** {@link Reason#EXTENDED_CLIENT_POINTER} if the array is such a pointer, else null. */
    static @Nullable Reason pointer(Body body, List<Outcome> elements) {
        boolean candidate = elements.size() == 2
                && elements.get(0) instanceof Rejection first
                && first.reason() == Reason.NOT_AN_OBJECT;
        String text = candidate ? firstText(body, JsonToken.START_ARRAY) : null;
        return text != null && POINTER_CLASSES.contains(text) ? Reason.EXTENDED_CLIENT_POINTER : null;
    }

    /** The known service envelope that an object without the required fields is; null if it is none of them. */
    static @Nullable Reason envelope(Body record) {
        Set<String> names = names(record);
        if (names.containsAll(Set.of("Type", "TopicArn", "Message"))) {
            return Reason.SNS_ENVELOPE;
        }
        if (names.containsAll(Set.of("detail-type", "source", "detail"))) {
            return Reason.EVENTBRIDGE_ENVELOPE;
        }
        if (names.containsAll(Set.of("specversion", "id", "source", "type"))) {
            return Reason.CLOUDEVENTS_ENVELOPE;
        }
        return isS3(names) ? Reason.S3_EVENT : null;
    }

    /**
     * A notification of S3, its test message, or the detail of the event that S3 sends to EventBridge (S3 User Guide, "Event
     * message structure", for both ways).
     */
    private static boolean isS3(Set<String> names) {
        return names.contains("Records")
                || names.containsAll(Set.of("Service", "Event", "Bucket"))
                || names.containsAll(Set.of("version", "bucket", "object", "requester"));
    }

    /** {@link Reason#CLOUDEVENTS_ENVELOPE} if each element was rejected as a CloudEvent: a batch, else null. */
    static @Nullable Reason batch(List<Outcome> elements) {
        boolean isBatch = elements.stream()
                .allMatch(element ->
                        element instanceof Rejection rejection && rejection.reason() == Reason.CLOUDEVENTS_ENVELOPE);
        return isBatch ? Reason.CLOUDEVENTS_ENVELOPE : null;
    }

    private static Set<String> names(Body record) {
        Set<String> names = new HashSet<>();
        try (JsonParser parser = Json.parser(record)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return names;
        } catch (JacksonException e) {
            // The record was read once already, so this is its end within a body that is malformed further on.
            return names;
        }
    }

    /** The string that the body begins with, directly or as the first element of an array; null if there is none. */
    private static @Nullable String firstText(Body body, JsonToken root) {
        try (JsonParser parser = Json.parser(body)) {
            JsonToken token = parser.nextToken();
            if (token == root && root == JsonToken.START_ARRAY) {
                token = parser.nextToken();
            }
            return token == JsonToken.VALUE_STRING ? parser.getString() : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static boolean isBase64(Body body) {
        if (body.length() < SHORTEST_BASE64) {
            return false;
        }
        for (int i = body.offset(); i < body.offset() + body.length(); i++) {
            int c = body.buffer()[i];
            boolean inAlphabet = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || "+/-_=\r\n".indexOf(c) >= 0;
            if (!inAlphabet) {
                return false;
            }
        }
        return true;
    }
}
