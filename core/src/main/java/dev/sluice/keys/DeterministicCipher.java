package dev.sluice.keys;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deterministic authenticated encryption under one field's keyset: AES-SIV (RFC 5297), one vector of associated data.
 * Equal input under the same primary key gives equal output, which is what makes masks joinable. Thread-safe.
 *
 * <p><b>Warning:</b> anyone who can call {@link #encrypt} freely can find any value of a small domain by brute force.
 * The output's length reveals the input's.
 */
public interface DeterministicCipher {

    /** Bytes that {@link #encrypt} adds: one of version, four of key id, sixteen of synthetic IV. */
    int OVERHEAD_BYTES = 21;

    /**
     * Encrypts under the primary key.
     *
     * @param associatedData authenticated, not stored: the same bytes must be passed to {@link #decrypt}
     * @return version (1), key id (4, big-endian), synthetic IV (16), ciphertext (as long as {@code clear})
     */
    byte[] encrypt(byte[] clear, byte[] associatedData);

    /**
     * Encrypts under each enabled key of the field, the primary one first: every ciphertext that a table may hold for a
     * value while its key is rotated.
     *
     * @param associatedData as for {@link #encrypt}
     * @return at least one, each as returned by {@link #encrypt}
     */
    List<byte[]> encryptUnderEachKey(byte[] clear, byte[] associatedData);

    /**
     * Decrypts what {@link #encrypt} made under any enabled key of the field.
     *
     * @return the clear bytes; null if the input was altered, or belongs to other associated data or to no enabled key
     */
    byte @Nullable [] decrypt(byte[] sealed, byte[] associatedData);
}
