package dev.sluice.mask;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keyed bytes as text: base64url (RFC 4648, section 5) without padding. The bytes begin with Tink's output prefix: the
 * version 1, then the key id, big-endian. So listings, rotation and audit group tokens by key without opening them.
 * Stateless.
 */
public final class Tokens {

    /**
     * Characters at the start of a token that hold version and key id: 40 bits in 6 and two thirds. {@code
     * left(column, 7)} groups a column by key, with up to four groups per key.
     */
    public static final int PREFIX_LENGTH = 7;

    /**
     * Characters of the shortest token: 37 bytes, from {@code keyed-hash} or {@code deterministic-aead} of an address.
     */
    public static final int MIN_LENGTH = 50;

    /** Two bits of the last character of a prefix belong to the byte after the key id. */
    private static final int FOLLOWING_VALUES = 4;

    private static final int FOLLOWING_SHIFT = 6;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final int PREFIX_BYTES = 5;
    private static final byte VERSION = 1;

    private Tokens() {}

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

    /** How many characters {@code bytes} bytes take. */
    static long length(long bytes) {
        return (bytes * 4 + 2) / 3;
    }

    /**
     * The id of the key that a token claims to be made with; only the key itself can prove it.
     *
     * @param token any text
     * @return 32 bits, unsigned; empty if the text is not a token of a keyed mask
     */
    public static OptionalInt keyId(String token) {
        byte[] bytes = decode(token);
        return bytes == null ? OptionalInt.empty() : OptionalInt.of(keyId(bytes));
    }

    /**
     * The possible first {@value #PREFIX_LENGTH} characters of tokens of one key, for {@code left(column, 7) =
     * ANY(..)}. No other key's tokens begin with any of them.
     *
     * @return four texts
     */
    public static List<String> prefixes(int keyId) {
        return IntStream.range(0, FOLLOWING_VALUES)
                .mapToObj(following -> ByteBuffer.allocate(PREFIX_BYTES + 1)
                        .put(VERSION)
                        .putInt(keyId)
                        .put((byte) (following << FOLLOWING_SHIFT))
                        .array())
                .map(prefix -> encode(prefix).substring(0, PREFIX_LENGTH))
                .toList();
    }

    /**
     * The id of the key whose tokens begin with this prefix.
     *
     * @param prefix the result of {@code left(column, 7)}
     * @return 32 bits, unsigned; empty if no token begins with it
     */
    public static OptionalInt keyIdOfPrefix(String prefix) {
        // Eight characters are six bytes without a bit left over.
        return prefix.length() == PREFIX_LENGTH ? keyId(prefix + "A") : OptionalInt.empty();
    }
}
