package dev.sluice.keys;

/**
 * Seals original bodies for the quarantine, under the keyset of that name. Authenticated encryption with a random nonce
 * (AES-256-GCM): not searchable, not joinable; altered or moved ciphertext is refused. Thread-safe.
 */
public interface Sealer {

    /**
     * Encrypts {@code length} bytes from {@code offset}.
     *
     * @param associatedData authenticated, not stored: the same text must be passed to {@link #unseal}
     * @return the ciphertext, with the key's id in its first five bytes
     */
    byte[] seal(byte[] clear, int offset, int length, String associatedData);

    /**
     * Decrypts the result of {@link #seal}.
     *
     * @throws KeysException if the bytes were altered, belong to other associated data, or their key is gone
     */
    byte[] unseal(byte[] sealed, String associatedData);
}
