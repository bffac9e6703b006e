package dev.sluice.mask;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a token reveals without any key: which key made it. For listings, rotation and audit, which group tokens by key
 * without opening them. Stateless.
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

    private Tokens() {}

    /**
     * The id of the key that a token claims to be made with; only the key itself can prove it.
     *
     * @param token any text
     * @return 32 bits, unsigned; empty if the text is not a token of a keyed mask
     */
    public static OptionalInt keyId(String token) {
        byte[] bytes = Token.decode(token);
        return bytes == null ? OptionalInt.empty() : OptionalInt.of(Token.keyId(bytes));
    }

    /**
     * The possible first {@value #PREFIX_LENGTH} characters of tokens of one key, for {@code left(column, 7) =
     * ANY(..)}. No other key's tokens begin with any of them.
     *
     * @return four texts
     */
    public static List<String> prefixes(int keyId) {
        return IntStream.range(0, FOLLOWING_VALUES)
                .mapToObj(following -> Token.encode(Token.prefix(keyId, (byte) (following << FOLLOWING_SHIFT))))
                .map(text -> text.substring(0, PREFIX_LENGTH))
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
