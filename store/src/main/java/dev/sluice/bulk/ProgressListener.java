package dev.sluice.bulk;

/** Hears how far a rewrap or a search is. Called by one thread at a time. */
public interface ProgressListener {

    /**
     * A step of known length starts.
     *
     * @param unit what is counted, in the plural
     * @param total how much of it there is
     */
    void began(String unit, long total);

    /** How much of the step is done. */
    void reached(long done);

    /** A message for the operator while the work goes on: one sentence, without a stored value. */
    void noted(String sentence);
}
