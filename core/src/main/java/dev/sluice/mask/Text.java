package dev.sluice.mask;

import dev.sluice.encoding.Utf16;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text as UTF-8, and padded, so that a token tells little of its length: ISO/IEC 7816-4 (0x80, then zeros) up to 32,
 * 64, 128, then multiples of 128 bytes. Stateless.
 */
final class Text {

    private static final int SMALLEST = 32;
    private static final int LARGEST_STEP = 128;
    private static final byte MARK = (byte) 0x80;

    private Text() {}

    /** UTF-8; null for a lone surrogate, in whose place {@link String#getBytes} would silently put a question mark. */
    static byte @Nullable [] encode(String text) {
        return Utf16.indexOfLoneSurrogate(text) < 0 ? text.getBytes(StandardCharsets.UTF_8) : null;
    }

    /** The text of UTF-8 bytes; null when they are not. */
    static @Nullable String decode(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** A padded copy. */
    static byte[] pad(byte[] bytes) {
        byte[] padded = Arrays.copyOf(bytes, Math.toIntExact(paddedLength(bytes.length)));
        padded[bytes.length] = MARK;
        return padded;
    }

    /** How many of the padded bytes are the text's; -1 when they are not padded. */
    static int unpaddedLength(byte[] padded) {
        int last = padded.length - 1;
        while (last >= 0 && padded[last] == 0) {
            last--;
        }
        return last >= 0 && padded[last] == MARK ? last : -1;
    }

    /** The length that {@code length} bytes are padded to; one byte more at least, for the mark. */
    static long paddedLength(int length) {
        for (int step = SMALLEST; step < LARGEST_STEP; step *= 2) {
            if (length < step) {
                return step;
            }
        }
        return ((long) length / LARGEST_STEP + 1) * LARGEST_STEP;
    }
}
