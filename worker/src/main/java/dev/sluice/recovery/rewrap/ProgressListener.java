package dev.sluice.recovery.rewrap;

/** Is told how far a rewrap is; by one thread at a time. */
public interface ProgressListener {

    /**
     * Something begins whose end is known.
     *
     * @param unit what is counted, in the plural
     * @param total how much of it there is
     */
    void began(String unit, long total);

    /** So much of it is done. */
    void reached(long done);

    /** Something that the operator should know while it goes on: one sentence, no value. */
    void noted(String sentence);
}
