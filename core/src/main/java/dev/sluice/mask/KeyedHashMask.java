package dev.sluice.mask;

import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.Keysets;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#KEYED_HASH}: base64url of HMAC-SHA-256 under the field's keyset, over the field's associated data, a
 * zero byte (no name contains one, so no two inputs are ambiguous) and the canonical bytes. Thread-safe.
 */
final class KeyedHashMask implements Mask {

    private final String field;
    private final Canonicalizer form;
    private final byte[] associatedData;
    private final KeyedHash hash;

    KeyedHashMask(String field, Canonicalizer form, Keysets keysets) {
        this.field = field;
        this.form = form;
        this.associatedData = Masks.associatedData(field, form.form());
        this.hash = keysets.keyedHash(field);
    }

    @Override
    public @Nullable String mask(String clear) {
        byte[] input = input(clear);
        return input == null ? null : Tokens.encode(hash.hash(input));
    }

    @Override
    public List<String> candidates(String clear) {
        byte[] input = input(clear);
        return input == null
                ? List.of()
                : hash.hashUnderEachKey(input).stream().map(Tokens::encode).toList();
    }

    /** The bytes to hash; null if the text does not have the canonical form. */
    private byte @Nullable [] input(String clear) {
        byte[] canonical = form.bytes(clear);
        if (canonical == null) {
            return null;
        }
        return ByteBuffer.allocate(associatedData.length + 1 + canonical.length)
                .put(associatedData)
                .put((byte) 0)
                .put(canonical)
                .array();
    }

    /** Shows the field, never a key. */
    @Override
    public String toString() {
        return "KeyedHashMask[" + field + "]";
    }
}
