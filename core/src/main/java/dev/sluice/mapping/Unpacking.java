package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Extracts the event's JSON from a message's body: removes the envelope, unpacks, verifies UTF-8. Thread-safe.
 */
final class Unpacking {

    /** Eight times the largest message (SQS: 1 MiB since August 2025): bounds the memory of one message. */
    static final int MAX_UNPACKED_BYTES = 8 << 20;

    /** Deflate reaches 1032:1 on zeros; JSON events stay far below this. */
    static final int MAX_RATIO = 200;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Unwrap unwrap;
    private final Compression compression;

    Unpacking(Unwrap unwrap, Compression compression) {
        this.unwrap = unwrap;
        this.compression = compression;
    }

    /** @param message as received; the result may share its buffer */
    Body unpack(byte[] message) {
        Body body = Body.of(message);
        if (unwrap == Unwrap.SNS) {
            body = unwrapped(text(body));
        }
        if (compression == Compression.GZIP && body.reason() == null) {
            body = gunzipped(body);
        }
        return body.reason() == null ? text(body) : body;
    }

    private static Body unwrapped(Body notification) {
        if (notification.reason() != null) {
            return notification;
        }
        String event = snsMessage(notification);
        return event == null
                ? Body.refused(notification.buffer(), Reason.NOT_SNS)
                : Body.of(event.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The event in the JSON that SNS wraps around a message for a queue without raw message delivery: an object whose {@code
     * Type} is {@code Notification} and whose {@code Message} is the event's text (SNS Developer Guide, "HTTP/HTTPS
     * notification JSON format"). Null if the body is not a notification.
     */
    private static @Nullable String snsMessage(Body body) {
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

    private static Body gunzipped(Body packed) {
        byte[] base64 = Arrays.copyOfRange(packed.buffer(), packed.offset(), packed.offset() + packed.length());
        int cap = (int) Math.min(MAX_UNPACKED_BYTES, (long) packed.length() * MAX_RATIO);
        try {
            byte[] bytes = new GzipMembers(Base64.getDecoder().decode(base64)).unpack(cap);
            return bytes == null ? Body.refused(packed.buffer(), Reason.GZIP_TOO_LARGE) : Body.of(bytes);
        } catch (DataFormatException | IllegalArgumentException e) {
            return Body.refused(packed.buffer(), Reason.NOT_GZIP);
        }
    }

    /** Removes a byte order mark and verifies UTF-8: a parser would guess UTF-16, or accept invalid UTF-8. */
    private static Body text(Body body) {
        byte[] buffer = body.buffer();
        int start = body.offset();
        int end = start + body.length();
        boolean marked = Arrays.mismatch(buffer, start, Math.min(end, start + 3), BYTE_ORDER_MARK, 0, 3) < 0;
        start += marked ? BYTE_ORDER_MARK.length : 0;
        boolean ascii = true;
        boolean blank = true;
        for (int i = start; i < end; i++) {
            byte b = buffer[i];
            if (b == 0) {
                return Body.refused(buffer, Reason.NOT_JSON);
            }
            ascii &= b > 0;
            blank &= b == ' ' || b == '\t' || b == '\n' || b == '\r';
        }
        if (blank) {
            return Body.refused(buffer, Reason.EMPTY_BODY);
        }
        return ascii || isUtf8(buffer, start, end)
                ? new Body(buffer, start, end - start, null)
                : Body.refused(buffer, Reason.NOT_UTF8);
    }

    private static boolean isUtf8(byte[] buffer, int start, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, start, end - start));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
