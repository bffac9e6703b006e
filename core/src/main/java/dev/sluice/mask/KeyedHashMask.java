package dev.sluice.mask;

import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.Keysets;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#KEYED_HASH}: base64url of HMAC-SHA-256 under the field's keyset, over the field's associated data, a
 * zero byte (which no name holds, so that no two inputs run together) and the canonical bytes. Thread-safe.
 */
final class KeyedHashMask implements Mask {

    private final String field;
    private final CanonicalForm form;
    private final byte[] associatedData;
    private final KeyedHash hash;

    KeyedHashMask(String field, CanonicalForm form, Keysets keysets) {
        this.field = field;
        this.form = form;
        this.associatedData = Masks.associatedData(field, form);
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

    /** What is hashed; null when the text is not of the form. */
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

    /** The field, no key. */
    @Override
    public String toString() {
        return "KeyedHashMask[" + field + "]";
    }
}
