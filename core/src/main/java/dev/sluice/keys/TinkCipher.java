package dev.sluice.keys;

import com.google.crypto.tink.DeterministicAead;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeterministicCipher} over Tink, whose primitive is thread-safe: it keeps two ciphers per thread, for all keys
 * together. They keep the key schedule as long as calls stay with one field; alternating between two fields costs one
 * schedule per call, half a microsecond. Threads should live long, since each thread's first call creates its ciphers.
 */
final class TinkCipher implements DeterministicCipher {

    private final DeterministicAead aead;
    private final List<DeterministicAead> each;

    /**
     * @param aead over all keys
     * @param each over one enabled key each, the primary one first
     */
    TinkCipher(DeterministicAead aead, List<DeterministicAead> each) {
        this.aead = aead;
        this.each = List.copyOf(each);
    }

    @Override
    public byte[] encrypt(byte[] clear, byte[] associatedData) {
        return encrypt(aead, clear, associatedData);
    }

    @Override
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

    @Override
    public byte @Nullable [] decrypt(byte[] sealed, byte[] associatedData) {
        try {
            return aead.decryptDeterministically(sealed, associatedData);
        } catch (GeneralSecurityException notAuthentic) {
            return null;
        }
    }
}
