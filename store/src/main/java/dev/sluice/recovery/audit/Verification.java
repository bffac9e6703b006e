package dev.sluice.recovery.audit;

/** The result of verifying the whole audit. */
public sealed interface Verification {

    /**
     * Every entry is as it was written, and none is missing before the last.
     *
     * @param entries how many there are
     */
    record Intact(long entries) implements Verification {}

    /**
     * The audit was changed.
     *
     * @param seq the first changed entry; for {@link Fault#MISSING} the missing one
     * @param fault how it shows
     */
    record Broken(long seq, Fault fault) implements Verification {}

    /** How a change of the audit shows. */
    enum Fault {
        /** The content does not match the entry's hash: edited, or swapped with another entry. */
        CONTENT,
        /** The entry does not contain the previous entry's hash: that one was rewritten, or entries were reordered. */
        LINK,
        /** The entry is missing, although later ones exist, or although the anchored head names it. */
        MISSING,
        /** The entry's hash differs from the anchored head: the audit was rewritten from there or earlier. */
        ANCHOR
    }
}
