package dev.sluice.recovery.audit;

/** What reading the whole audit proved. */
public sealed interface Verification {

    /**
     * Every entry is as it was written, and none is missing before the last.
     *
     * @param entries how many there are
     */
    record Intact(long entries) implements Verification {}

    /**
     * The trail was touched.
     *
     * @param seq the first entry that is not what it was; for {@link Fault#MISSING} the one that is not there
     * @param fault how that shows
     */
    record Broken(long seq, Fault fault) implements Verification {}

    /** How it shows that the audit was touched. */
    enum Fault {
        /** The entry's content does not have the entry's hash: edited, or swapped with another. */
        CONTENT,
        /** The entry does not bear the hash of the one before it: that one was rewritten, or entries were reordered. */
        LINK,
        /** The entry is not there, though later ones are, or though the anchored head names it. */
        MISSING,
        /** The entry has another hash than the anchored head says: the trail was rewritten from there or before. */
        ANCHOR
    }
}
