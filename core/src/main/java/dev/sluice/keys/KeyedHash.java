package dev.sluice.keys;

import com.google.crypto.tink.Mac;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * A one-way function that only a holder of the key can evaluate: HMAC-SHA-256 under one field's keyset. Thread-safe, with one initialised MAC
 * per thread.
 *
 * <p><b>Warning:</b> anyone who can call it freely can find any value of a small domain by brute force.
 */
public final class KeyedHash {

    /** The length of every result: one byte of version, four of key id, thirty-two of tag. */
    public static final int HASH_BYTES = 37;

    private final Mac mac;
    private final List<Mac> each;

    /** @param each a primitive for each enabled key, the primary one first; {@code mac} uses all of them */
    KeyedHash(Mac mac, List<Mac> each) {
        this.mac = mac;
        this.each = List.copyOf(each);
    }

    /**
     * Hashes under the primary key.
     *
     * @return version (1), key id (4, big-endian), tag (32)
     */
    public byte[] hash(byte[] clear) {
        return hash(mac, clear);
    }

    /**
     * Hashes under each enabled key of the field, the primary one first.
     *
     * @return at least one, each as returned by {@link #hash}
     */
    public List<byte[]> hashUnderEachKey(byte[] clear) {
        return each.stream().map(one -> hash(one, clear)).toList();
    }

    private static byte[] hash(Mac mac, byte[] clear) {
        try {
            return mac.computeMac(clear);
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("HMAC-SHA-256 failed on this Java runtime");
        }
    }
}
