package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/**
 * A mask from whose results anyone with the keys can recover the original. Called by the doctor, which tests the keys
 * before a message depends on them, and by recovery, which audits before it calls. Thread-safe.
 */
public interface ReversibleMask extends Mask {

    /**
     * As {@link Mask#mask}, but leaves the encryption for later.
     *
     * @return null if {@code clear} does not have the canonical form
     */
    @Nullable
    MaskedText defer(String clear);

    /**
     * Recovers the clear value in its canonical form: an IP address as four decimal octets or by RFC 5952, a
     * telephone number by E.164.
     *
     * <p>A token that cannot be recovered is a result, not an exception: recovery gets tokens from people, reports and
     * audits for each why it was refused, and continues with the next.
     *
     * @param token any text
     */
    Recovered recover(String token);
}
