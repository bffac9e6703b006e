package dev.sluice.mask;

import dev.sluice.encoding.Labelled;

/** The ways to mask a value; a pipeline file names them by {@link #label}. */
public enum MaskKind implements Labelled {
    /** AES-SIV (RFC 5297) under the field's own keyset: joinable, recoverable, authenticated. The default choice. */
    DETERMINISTIC_AEAD(true),
    /** HMAC-SHA-256 under the field's own keyset: joinable, not recoverable. */
    KEYED_HASH(true),
    /** The network of an address: coarser, not recoverable, no key. */
    GENERALIZE(false),
    /** A part of the value in clear, the rest dropped: weak, not recoverable, no key. */
    PARTIAL(false),
    /** A constant: neither joinable nor recoverable. */
    REDACT(false),
    /** Plain SHA-256: joinable, and reversible by anyone for small domains. For parity with older tables only. */
    SHA256(false);

    private final boolean keyed;

    MaskKind(boolean keyed) {
        this.keyed = keyed;
    }

    /** Whether values with different canonical forms have different masks, so that a mask stands for one value. */
    public boolean distinguishes() {
        return switch (this) {
            case DETERMINISTIC_AEAD, KEYED_HASH, SHA256 -> true;
            case GENERALIZE, PARTIAL, REDACT -> false;
        };
    }

    /** Whether the keyset file must hold a keyset for a column masked this way. */
    public boolean keyed() {
        return keyed;
    }
}
