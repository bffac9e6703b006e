package dev.sluice.keys;

/**
 * A key encryption key (KEK): it never leaves its KMS and encrypts the data key of a keyset file. An implementation
 * binds what it wraps to the pipeline and translates the KMS's failures; its exceptions reach the caller that reads or
 * writes the file. Called rarely, may block on the network. Thread-safe.
 */
public interface KeyEncryptionKey {

    /** Its id, stored in the file in cleartext: an ARN. */
    String id();

    /**
     * Encrypts a data key.
     *
     * @param dataKey some tens of bytes; not wiped here, so not to be kept
     */
    byte[] wrap(byte[] dataKey);

    /**
     * Decrypts the result of {@link #wrap}, under this key only.
     *
     * @throws KeysException if it is not authentic, or was wrapped by another key or for another pipeline
     */
    byte[] unwrap(byte[] wrapped);
}
