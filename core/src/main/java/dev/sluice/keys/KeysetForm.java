package dev.sluice.keys;

import org.jspecify.annotations.Nullable;

/** A keyset file as it was read: its keysets, or their encryption. */
sealed interface KeysetForm permits KeysetContent, EncryptedKeysets {

    /** The key that the file is encrypted with; null if it is in cleartext. */
    @Nullable
    String kekId();
}
