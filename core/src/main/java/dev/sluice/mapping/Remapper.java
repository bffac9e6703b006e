package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Maps what was quarantined again, under the pipeline as it is today. Clear bytes do not leave it. Thread-safe. */
public interface Remapper {

    /**
     * Unseals an original and maps it, a whole body as {@link Mapper#map} does, a record as one record.
     *
     * @param sealedAs what the original was sealed with; of this pipeline
     * @param protection the {@link FieldProtection#text} under which it was sealed first, which records that are rejected
     *     again are sealed with
     * @param sentAt when SQS accepted the message
     * @param recordIndex the record's place in its message; of no interest for a body
     * @param form what the original is
     * @param sealed what {@link Original#seal()} made
     * @return at least one outcome; exactly one for a record. Empty when the original cannot be unsealed: it was changed,
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
