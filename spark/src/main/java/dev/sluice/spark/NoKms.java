package dev.sluice.spark;

import dev.sluice.keys.KeyEncryption;
import dev.sluice.keys.KeyEncryptionKey;
import dev.sluice.keys.KeysException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses encrypted keyset files with the reason and what to do: the application has no client of a KMS.
 *
 * @param pipeline the pipeline's name
 * @param demanded what SLUICE_KMS_KEY is set to: a file in cleartext is refused then; null if it is not set
 */
record NoKms(String pipeline, @Nullable String demanded) implements KeyEncryption {

    @Override
    public KeyEncryptionKey key(String id) {
        throw new KeysException("the keyset file is encrypted by " + id
                + ", and the application on Spark cannot call a KMS: decrypt the file into memory before the application"
                + " starts, with 'sluice keys rewrap-kek --allow-cleartext-keys', and unset SLUICE_KMS_KEY"
                + " (docs/spark.md)");
    }
}
