package dev.sluice.recovery.rewrap;

/** What is to stand in place of a stored value. */
public sealed interface NewValue {

    /** @param token the new value, masked */
    record Fresh(String token) implements NewValue {}

    /**
     * The value stays as it is.
     *
     * @param why one of a closed set of words, for people and the audit
     */
    record Kept(String why) implements NewValue {}
}
