package dev.sluice.keys;

/** A keyset file as it was read: its keysets, or their encryption. */
sealed interface KeysetForm permits KeysetContent, EncryptedKeysets {}
