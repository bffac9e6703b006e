package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Maps quarantined originals again, under the current pipeline. Clear bytes never leave it. Thread-safe. */
public interface Remapper {

    /**
     * Unseals an original and maps it, a whole body as {@link Mapper#map} does, a record as one record.
     *
     * @param sealedAs the binding that the original was sealed with; of this pipeline
     * @param protection the {@link FieldProtection#text} under which it was sealed first; records that are rejected
     *     again are sealed with it too
     * @param sentAt when SQS accepted the message
     * @param recordIndex the record's index in its message; ignored for a body
     * @param form what the original is
     * @param sealed the result of {@link Original#seal()}
     * @return at least one outcome; exactly one for a record. Empty if the original cannot be unsealed: it was altered,
     *     belongs to another message or pipeline, or its key is gone
     */
    Optional<List<Outcome>> remap(
            Original.Binding sealedAs,
            String protection,
            Instant sentAt,
            int recordIndex,
            Original.Form form,
            byte[] sealed);
}
