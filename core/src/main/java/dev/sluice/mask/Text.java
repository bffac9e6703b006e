package dev.sluice.mask;

import dev.sluice.encoding.Utf16;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes text as UTF-8 and pads it, so that a token reveals little of its length: ISO/IEC 7816-4 (0x80, then zeros)
 * up to 32, 64, 128, then multiples of 128 bytes. Stateless.
 */
final class Text {

    private static final int SMALLEST = 32;
    private static final int LARGEST_STEP = 128;
    private static final byte MARK = (byte) 0x80;

    private Text() {}

    /** UTF-8; null for a lone surrogate, which {@link String#getBytes} would silently replace by a question mark. */
    static byte @Nullable [] encode(String text) {
        return Utf16.indexOfLoneSurrogate(text) < 0 ? text.getBytes(StandardCharsets.UTF_8) : null;
    }

    /** Decodes UTF-8; null if the bytes are not valid. */
    static @Nullable String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** A copy padded to the next step. */
    static byte[] pad(byte[] bytes) {
        return pad(bytes, Math.toIntExact(paddedLength(bytes.length)));
    }

    /** A copy padded to {@code length} bytes, which is more than it has. */
    static byte[] pad(byte[] bytes, int length) {
        byte[] padded = Arrays.copyOf(bytes, length);
        padded[bytes.length] = MARK;
        return padded;
    }

    /** How many of the padded bytes belong to the text; -1 if the padding is invalid. */
    static int unpaddedLength(byte[] padded) {
        int last = padded.length - 1;
        while (last >= 0 && padded[last] == 0) {
            last--;
        }
        return last >= 0 && padded[last] == MARK ? last : -1;
    }

    /** The padded length of {@code length} bytes: at least one byte more, for the mark. */
    static long paddedLength(int length) {
        for (int step = SMALLEST; step < LARGEST_STEP; step *= 2) {
            if (length < step) {
                return step;
            }
        }
        return ((long) length / LARGEST_STEP + 1) * LARGEST_STEP;
    }
}
