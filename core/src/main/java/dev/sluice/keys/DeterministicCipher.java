package dev.sluice.keys;

import com.google.crypto.tink.DeterministicAead;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deterministic authenticated encryption under one field's keyset: AES-SIV (RFC 5297), one vector of associated data.
 * Equal input under the same primary key gives equal output, which is what makes masks joinable. Thread-safe.
 *
 * <p>Tink's primitive keeps two ciphers per thread, for all keys together. They keep the key schedule as long as calls stay
 * with one field; alternating between two fields costs new ones per call, a microsecond: callers with many texts encrypt
 * those of one field one after another. Threads should live long, since each thread's first call creates its ciphers.
 *
 * <p><b>Warning:</b> anyone who can call {@link #encrypt} freely can find any value of a small domain by brute force.
 * The output's length reveals the input's.
 */
public final class DeterministicCipher {

    /** Bytes that {@link #encrypt} adds: one of version, four of key id, sixteen of synthetic IV. */
    public static final int OVERHEAD_BYTES = 21;

    private final DeterministicAead aead;
    private final List<DeterministicAead> each;

    /** @param each a primitive for each enabled key, the primary one first; {@code aead} uses all of them */
    DeterministicCipher(DeterministicAead aead, List<DeterministicAead> each) {
        this.aead = aead;
        this.each = List.copyOf(each);
    }

    /**
     * Encrypts under the primary key.
     *
     * @param associatedData authenticated, not stored: the same bytes must be passed to {@link #decrypt}
     * @return version (1), key id (4, big-endian), synthetic IV (16), ciphertext (as long as {@code clear})
     */
    public byte[] encrypt(byte[] clear, byte[] associatedData) {
        return encrypt(aead, clear, associatedData);
    }

    /**
     * Encrypts under each enabled key of the field, the primary one first: every ciphertext that a table may hold for a
     * value while its key is rotated.
     *
     * @return at least one, each as returned by {@link #encrypt}
     */
    public List<byte[]> encryptUnderEachKey(byte[] clear, byte[] associatedData) {
        return each.stream().map(one -> encrypt(one, clear, associatedData)).toList();
    }

    private static byte[] encrypt(DeterministicAead aead, byte[] clear, byte[] associatedData) {
        try {
            return aead.encryptDeterministically(clear, associatedData);
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("AES-SIV failed on this Java runtime");
        }
    }

    /**
     * Decrypts what {@link #encrypt} made under any enabled key of the field.
     *
     * @return the clear bytes; null if the input was altered, or belongs to other associated data or to no enabled key
     */
    public byte @Nullable [] decrypt(byte[] sealed, byte[] associatedData) {
        try {
            return aead.decryptDeterministically(sealed, associatedData);
        } catch (GeneralSecurityException notAuthentic) {
            return null;
        }
    }
}
