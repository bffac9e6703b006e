package dev.sluice.pipeline;

/**
 * What became of one record, as the sink reports it after its commit. {@link Pipeline} maps it to a delete or a retry in
 * one exhaustive switch; nothing else settles a message.
 */
public enum Settlement {
    /** A new row of the target table. */
    STORED,
    /** Stored or quarantined by an earlier delivery of the same message: nothing was written now. */
    DUPLICATE,
    /** A new quarantine record, with the sealed original. */
    QUARANTINED,
    /** Not written: the message returns to the queue. */
    DEFERRED
}
