package dev.sluice.pipeline;

/**
 * What became of one record, said by the sink after its commit. The pipeline maps it to delete or release by one
 * exhaustive switch; nothing else settles a message.
 */
public sealed interface Settlement {

    /** A new row of the target table. */
    record Stored() implements Settlement {}

    /** Stored or quarantined by an earlier delivery of the same message: nothing was written now. */
    record Duplicate() implements Settlement {}

    /** A new quarantine record, with the sealed original. */
    record Quarantined() implements Settlement {}

    /** Not written: the message goes back to the queue. */
    record Deferred() implements Settlement {}

    /** The one instance that is needed of {@link Stored}. */
    Settlement STORED = new Stored();

    /** The one instance that is needed of {@link Duplicate}. */
    Settlement DUPLICATE = new Duplicate();

    /** The one instance that is needed of {@link Quarantined}. */
    Settlement QUARANTINED = new Quarantined();

    /** The one instance that is needed of {@link Deferred}. */
    Settlement DEFERRED = new Deferred();
}
