package dev.sluice.postgres;

import dev.sluice.encoding.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Message ids as UUIDs: 16 bytes in the ledger instead of 36 or more characters. Stateless. */
final class MessageIds {

    private static final int UUID_LENGTH = 36;
    private static final long VERSION_8 = 0x8000L;
    private static final long RFC_VARIANT = 0x8000_0000_0000_0000L;

    private MessageIds() {}

    /**
     * The id itself where it is a UUID in lower case (AWS), else a UUIDv8 (RFC 9562, section 5.8) of the first 122 bits of
     * the SHA-256 of its UTF-8. Only the canonical form is used as it is: {@link UUID#fromString} reads several texts as the
     * same UUID, and two ids with the same key would lose a message.
     */
    static UUID toUuid(String messageId) {
        if (messageId.length() == UUID_LENGTH) {
            try {
                UUID id = UUID.fromString(messageId);
                return id.toString().equals(messageId) ? id : hashed(messageId);
            } catch (IllegalArgumentException another) {
                // of that length by chance
            }
        }
        return hashed(messageId);
    }

    private static UUID hashed(String messageId) {
        ByteBuffer hash = ByteBuffer.wrap(Digests.sha256(messageId.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xF000L) | VERSION_8;
        long low = (hash.getLong() & ~(3L << 62)) | RFC_VARIANT;
        return new UUID(high, low);
    }
}
