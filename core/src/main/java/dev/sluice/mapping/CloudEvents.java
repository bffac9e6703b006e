package dev.sluice.mapping;

import dev.sluice.mapping.Envelopes.Fields;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Removes the envelope of CloudEvents 1.0 in structured content mode, JSON format, alone or as a batch (CloudEvents, "JSON
 * Event Format", sections 2 to 4). A batch becomes an array of what its events hold; it is refused as a whole if one of
 * its elements is not a CloudEvent. Stateless.
 */
final class CloudEvents {

    /** {@code application/json}, {@code text/json} and all with the suffix {@code +json} (RFC 6838, section 4.2.8). */
    private static final Pattern JSON_MEDIA_TYPE = Pattern.compile("[^/;\\s]+/([^/;\\s]+\\+)?json(\\s*;.*)?");

    private static final String TYPE_OF_DATA = "datacontenttype";

    private CloudEvents() {}

    static Body event(Body body) {
        try (JsonParser parser = Json.parser(body)) {
            boolean isArray = parser.nextToken() == JsonToken.START_ARRAY;
            Body event = isArray ? batch(body, parser) : element(body, parser);
            return parser.nextToken() == null ? event : refused(body);
        } catch (JacksonException e) {
            return refused(body);
        }
    }

    private static Body refused(Body body) {
        return Body.refused(body.buffer(), Reason.NOT_CLOUDEVENTS);
    }

    private static Body batch(Body body, JsonParser parser) {
        ByteArrayOutputStream array = new ByteArrayOutputStream(body.length());
        array.write('[');
        Reason fault = null;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Body data = element(body, parser);
            if (data.reason() == null && !isOneValue(data)) {
                data = refused(body);
            }
            if (data.reason() != null) {
                fault = fault == null ? data.reason() : fault;
            } else {
                array.write(array.size() == 1 ? ' ' : ',');
                array.write(data.buffer(), data.offset(), data.length());
            }
        }
        array.write(']');
        return fault == null ? Body.of(array.toByteArray()) : Body.refused(body.buffer(), fault);
    }

    private static Body element(Body body, JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return data(body, Fields.read(body, parser));
        }
        parser.skipChildren();
        return refused(body);
    }

    /** What was decoded from base64 may be anything, and must not become several elements. */
    private static boolean isOneValue(Body decoded) {
        try (JsonParser parser = Json.parser(decoded)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** What an event holds; the required attributes are texts that are not empty (CloudEvents, "Required Attributes"). */
    private static Body data(Body body, Fields event) {
        boolean isEvent = event.hasTexts("specversion", "id", "source", "type")
                && "1.0".equals(event.texts().get("specversion"));
        boolean isTyped =
                event.texts().containsKey(TYPE_OF_DATA) == event.values().containsKey(TYPE_OF_DATA);
        Body data = event.values().get("data");
        String base64 = event.texts().get("data_base64");
        if (!isEvent || !isTyped || (data == null) == (base64 == null)) {
            return refused(body);
        }
        if (!isJson(event.texts().get(TYPE_OF_DATA))) {
            return Body.refused(body.buffer(), Reason.NOT_JSON_DATA);
        }
        Body decoded = base64 == null ? data : decoded(base64);
        return decoded == null ? refused(body) : decoded;
    }

    /** Without a type the data is JSON (JSON Event Format, section 3.1). */
    private static boolean isJson(@Nullable String mediaType) {
        return mediaType == null
                || JSON_MEDIA_TYPE
                        .matcher(mediaType.strip().toLowerCase(Locale.ROOT))
                        .matches();
    }

    private static @Nullable Body decoded(String base64) {
        try {
            return Unpacking.text(Body.of(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
