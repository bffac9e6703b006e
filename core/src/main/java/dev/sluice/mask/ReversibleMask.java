package dev.sluice.mask;

/**
 * A mask from whose results anyone with the keys can recover the original. Called by the doctor, which tests the keys
 * before a message depends on them, and by recovery, which audits before it calls. Thread-safe.
 */
public interface ReversibleMask extends Mask {

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
