package dev.sluice.mask;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keyed bytes as text: base64url (RFC 4648, section 5) without padding. The bytes begin with Tink's output prefix: the
 * version 1, then the key id, big-endian. Stateless.
 */
final class Token {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final int PREFIX_BYTES = 5;
    private static final byte VERSION = 1;

    private Token() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The bytes of a token including its prefix; null if the text cannot be a result of {@link #encode}. */
    static byte @Nullable [] decode(String token) {
        try {
            byte[] bytes = DECODER.decode(token);
            // The decoder ignores padding and left-over bits, so that one token would have several spellings.
            boolean exact = bytes.length >= PREFIX_BYTES
                    && bytes[0] == VERSION
                    && encode(bytes).equals(token);
            return exact ? bytes : null;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** The id of the key that made the decoded token, unsigned. */
    static int keyId(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    /** The bytes that every token of a key begins with, followed by {@code following}. */
    static byte[] prefix(int keyId, byte following) {
        return ByteBuffer.allocate(PREFIX_BYTES + 1)
                .put(VERSION)
                .putInt(keyId)
                .put(following)
                .array();
    }

    /** How many characters {@code bytes} bytes take. */
    static long length(long bytes) {
        return (bytes * 4 + 2) / 3;
    }
}
