package dev.sluice.mask;

/**
 * A mask whose results can be turned back, by whoever holds the keys. Asked by the doctor, which sees whether the keys
 * work before a message depends on them, and by recovery, which audits before it asks. Thread-safe.
 */
public interface ReversibleMask extends Mask {

    /**
     * The clear value that was masked, in its canonical form: an address as four decimal octets or by RFC 5952.
     *
     * <p>A token that cannot be turned back is an answer and not an exception: recovery gets tokens from people, must
     * tell and audit for each why it was refused, and goes on with the next.
     *
     * @param token any text
     */
    Recovered recover(String token);
}
