package dev.sluice.keys;

import java.util.List;

/**
 * A one-way function that only a holder of the key can evaluate: HMAC-SHA-256 under one field's keyset. Thread-safe.
 *
 * <p><b>Warning:</b> anyone who can call it freely can find any value of a small domain by brute force.
 */
public interface KeyedHash {

    /** The length of every result: one byte of version, four of key id, thirty-two of tag. */
    int HASH_BYTES = 37;

    /**
     * Hashes under the primary key.
     *
     * @return version (1), key id (4, big-endian), tag (32)
     */
    byte[] hash(byte[] clear);

    /**
     * Hashes under each enabled key of the field, the primary one first.
     *
     * @return at least one, each as returned by {@link #hash}
     */
    List<byte[]> hashUnderEachKey(byte[] clear);
}
