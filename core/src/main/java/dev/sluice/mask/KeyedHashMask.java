package dev.sluice.mask;

import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.Keysets;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#KEYED_HASH}: base64url of HMAC-SHA-256 under the field's keyset, over the field's associated data, a
 * zero byte (which no name holds, so that no two inputs run together) and the canonical bytes. Thread-safe.
 */
final class KeyedHashMask implements Mask {

    private final Field field;
    private final CanonicalForm form;
    private final byte[] associatedData;
    private final KeyedHash hash;

    KeyedHashMask(Field field, CanonicalForm form, Keysets keysets) {
        this.field = field;
        this.form = form;
        this.associatedData = field.associatedData(form);
        this.hash = keysets.keyedHash(field.name());
    }

    @Override
    public @Nullable String mask(String clear) {
        byte[] canonical = Canonical.bytes(form, clear);
        if (canonical == null) {
            return null;
        }
        byte[] input = ByteBuffer.allocate(associatedData.length + 1 + canonical.length)
                .put(associatedData)
                .put((byte) 0)
                .put(canonical)
                .array();
        return Token.encode(hash.hash(input));
    }

    /** The field, no key. */
    @Override
    public String toString() {
        return "KeyedHashMask[" + field.name() + "]";
    }
}
