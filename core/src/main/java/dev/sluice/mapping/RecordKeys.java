package dev.sluice.mapping;

import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Computes the key that identifies duplicates of a record: HMAC-SHA-256 under the keyset {@code idempotency}, because
 * ids and bodies are personal data and the ledger is not encrypted. Thread-safe.
 */
final class RecordKeys {

    /** Half of the tag: among a billion keys, two collide with probability 2^-69, and the ledger is half as wide. */
    static final int KEY_BYTES = 16;

    /** Version and key id come before the tag, see {@link KeyedHash#hash}. */
    private static final int TAG_OFFSET = 5;

    private final IdempotencyKey kind;
    private final byte[] associatedData;
    private final KeyedHash hash;

    private RecordKeys(IdempotencyKey kind, String pipeline, KeyedHash hash) {
        this.kind = kind;
        this.associatedData = (pipeline + "|idempotency|v1|").getBytes(StandardCharsets.UTF_8);
        this.hash = hash;
    }

    /** Null if the pipeline identifies records by their messages. */
    static @Nullable RecordKeys of(PipelineSpec spec, Keysets keysets) {
        IdempotencyKey kind = spec.source().idempotencyKey();
        return kind instanceof IdempotencyKey.MessageId
                ? null
                : new RecordKeys(kind, spec.name(), keysets.keyedHash(Keysets.IDEMPOTENCY));
    }

    /**
     * The key of a record.
     *
     * @param id the result of {@link RecordId#read}; anything else gives a key of the record's position in its message
     * @param place {@code <message id>/<index>}
     * @param attributes that are read: they are content too
     * @param tenant whose record it is, if known: two tenants may use the same ids
     */
    byte[] key(@Nullable Object id, String place, Body record, Attributes attributes, @Nullable String tenant) {
        if (kind instanceof IdempotencyKey.Content) {
            return attributes.isEmpty()
                    ? hashed("content", tenant, record)
                    : hashed("content and attributes", tenant, Body.of(attributes.frame(record)));
        }
        RecordId known = id instanceof RecordId found ? found : new RecordId("place", place);
        return hashed(known.type(), tenant, Body.of(known.text().getBytes(StandardCharsets.UTF_8)));
    }

    /** Neither a type nor a tenant holds the zero byte that ends them, and no type an {@code @}. */
    private byte[] hashed(String type, @Nullable String tenant, Body bytes) {
        byte[] prefix = KeysetName.of(type, tenant).getBytes(StandardCharsets.UTF_8);
        byte[] input = ByteBuffer.allocate(associatedData.length + prefix.length + 1 + bytes.length())
                .put(associatedData)
                .put(prefix)
                .put((byte) 0)
                .put(bytes.buffer(), bytes.offset(), bytes.length())
                .array();
        return Arrays.copyOfRange(hash.hash(input), TAG_OFFSET, TAG_OFFSET + KEY_BYTES);
    }
}
