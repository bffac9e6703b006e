package dev.sluice.keys;

import org.jspecify.annotations.Nullable;

/** What a process is set to use of key encryption keys. Thread-safe. */
public interface KeyEncryption {

    /** The pipeline that an encrypted file must be made for: it serves one. */
    String pipeline();

    /**
     * The id of the one key that the operator has named. New files are encrypted by it, and a file that is in clear or
     * names another key is refused: somebody may have put it there.
     *
     * @return null when none is named: new files are in clear, and a file tells its key itself
     */
    @Nullable
    String demanded();

    /**
     * The key of this id. Asks nobody yet.
     *
     * @throws KeysException when the id is not of the form
     */
    KeyEncryptionKey key(String id);
}
