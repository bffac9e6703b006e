package dev.sluice.keys;

/**
 * A key that never leaves its keeper (a KMS) and encrypts the key of a keyset file: a key encryption key, KEK. Whoever
 * implements it binds what it wraps to the pipeline and translates its keeper's failures; what it throws passes through
 * to whoever reads or writes the file. Called rarely, may block for a network's answer. Thread-safe.
 */
public interface KeyEncryptionKey {

    /** Its name, which stands in the file in clear: an ARN. */
    String id();

    /**
     * Encrypts a data key.
     *
     * @param dataKey some tens of bytes; wiped by nobody, so not to be kept
     */
    byte[] wrap(byte[] dataKey);

    /**
     * Decrypts what {@link #wrap} gave, under this key and no other.
     *
     * @throws KeysException when it is not authentic, or was wrapped by another key or for another pipeline
     */
    byte[] unwrap(byte[] wrapped);
}
