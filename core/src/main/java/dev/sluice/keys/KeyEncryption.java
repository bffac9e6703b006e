package dev.sluice.keys;

import org.jspecify.annotations.Nullable;

/** The key encryption keys that a process is set to use. Thread-safe. */
public interface KeyEncryption {

    /** The pipeline that an encrypted file must be made for: a file serves one. */
    String pipeline();

    /**
     * The id of the only key that the operator allows. New files are encrypted with it, and a file that is not
     * encrypted or names another key is refused: somebody may have planted it.
     *
     * @return null if none is set: new files are not encrypted, and an encrypted file names its own key
     */
    @Nullable
    String demanded();

    /**
     * The key with this id. Makes no call yet.
     *
     * @throws KeysException if the id is malformed
     */
    KeyEncryptionKey key(String id);
}
