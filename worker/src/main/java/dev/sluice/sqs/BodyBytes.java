package dev.sluice.sqs;

import dev.sluice.encoding.Utf16;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A body's bytes. Half of a surrogate pair has no UTF-8, and Java would write a question mark. It becomes the three bytes of
 * its code point (WTF-8), which is not valid UTF-8, so that the mapper rejects the body instead of storing an altered one.
 * AWS rejects such bodies when they are sent; emulators do not. Stateless.
 */
final class BodyBytes {

    private BodyBytes() {}

    static byte[] of(String body) {
        return of(body, body.getBytes(StandardCharsets.UTF_8));
    }

    /** @param utf8 as Java encodes the body */
    static byte[] of(String body, byte[] utf8) {
        return Utf16.indexOfLoneSurrogate(body) < 0 ? utf8 : wtf8(body);
    }

    private static byte[] wtf8(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                bytes.write(0xE0 | (codePoint >> 12));
                bytes.write(0x80 | ((codePoint >> 6) & 0x3F));
                bytes.write(0x80 | (codePoint & 0x3F));
            } else {
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
