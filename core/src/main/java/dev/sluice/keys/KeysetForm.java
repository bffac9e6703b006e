package dev.sluice.keys;

/** A parsed keyset file, in cleartext or encrypted. */
sealed interface KeysetForm permits KeysetContent, EncryptedKeysets {}
