package dev.sluice.recovery.audit;

import dev.sluice.encoding.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the previous hash and an entry, part by part, so that an entry of any size needs little memory. Computes the
 * same hash as the database's function {@code sluice.audit_append}: each part is a netstring (D. J. Bernstein, 1997), its
 * length in bytes of UTF-8, a colon, the text, a comma; or {@code ~,} for null. Used once.
 */
final class EntryHash {

    private final MessageDigest sha256 = Digests.named("SHA-256");

    /** @param previous the previous entry's hash, or zeros */
    EntryHash(byte[] previous) {
        sha256.update(previous);
    }

    /** Adds a whole part. */
    void add(@Nullable String part) {
        if (part == null) {
            update("~,");
            return;
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        begin(bytes.length);
        sha256.update(bytes);
        end();
    }

    /** Begins a part; its pieces follow, then {@link #end}. */
    void begin(long bytes) {
        update(bytes + ":");
    }

    /** Adds a piece of the part; it must not end within a character. */
    void piece(String text) {
        update(text);
    }

    void end() {
        update(",");
    }

    /** 64 lower-case hex digits. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void update(String text) {
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
