package dev.sluice.keys;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.daead.DeterministicAeadConfig2026;
import com.google.crypto.tink.daead.PredefinedDeterministicAeadParameters;
import com.google.crypto.tink.mac.MacConfig2026;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import dev.sluice.encoding.Labelled;

/**
 * What a keyset is for, which determines the only algorithm and key size it may hold. All of them put the key's id in
 * front of their output (Tink's output prefix: one byte of version, four of key id).
 */
public enum KeyKind implements Labelled {
    /** AES-SIV (RFC 5297) with a key of 64 bytes: masks that can be recovered. */
    DETERMINISTIC_AEAD("AES256-SIV"),
    /** HMAC-SHA-256 (RFC 2104) with a key and a tag of 32 bytes: masks that cannot be recovered. */
    KEYED_HASH("HMAC-SHA256"),
    /** AES-GCM (NIST SP 800-38D) with a key of 32 bytes, for originals in the quarantine. */
    SEALING("AES256-GCM");

    private final String algorithm;

    KeyKind(String algorithm) {
        this.algorithm = algorithm;
    }

    /** The algorithm with its key size, for display: {@code AES256-SIV}. */
    public String algorithm() {
        return algorithm;
    }

    /** Algorithm, sizes and output prefix: a key with any other parameters is refused. */
    Parameters parameters() {
        return switch (this) {
            case DETERMINISTIC_AEAD -> PredefinedDeterministicAeadParameters.AES256_SIV;
            case KEYED_HASH -> PredefinedMacParameters.HMAC_SHA256_256BITTAG;
            case SEALING -> PredefinedAeadParameters.AES256_GCM;
        };
    }

    /** Tink's closed configurations: unlike its global registry, nothing else in the process can add to them. */
    Configuration configuration() {
        return switch (this) {
            case DETERMINISTIC_AEAD -> DeterministicAeadConfig2026.get();
            case KEYED_HASH -> MacConfig2026.get();
            case SEALING -> AeadConfig2026.get();
        };
    }
}
