package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;

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
        if (unwrap != Unwrap.NONE) {
            body = text(body);
            body = body.reason() == null ? Envelopes.event(unwrap, body) : body;
        }
        if (compression == Compression.GZIP && body.reason() == null) {
            body = gunzipped(body);
        }
        return body.reason() == null ? text(body) : body;
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
    static Body text(Body body) {
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
