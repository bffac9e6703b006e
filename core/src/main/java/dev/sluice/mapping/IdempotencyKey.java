package dev.sluice.mapping;

import java.time.Duration;
import java.util.List;

/** What makes two records the same one, so that the second is a duplicate: {@code source.idempotency-key}. */
public sealed interface IdempotencyKey {

    /** The delivery: SQS's message id and sent time, and the record's place. A producer that sends twice makes two rows. */
    record MessageId() implements IdempotencyKey {}

    /**
     * A field that the producer fills with an id of its own: text or a whole number, and required.
     *
     * @param name as the pipeline file names it, for rejections
     * @param path field names from the root
     * @param window for how long a key is remembered
     */
    record Field(String name, List<String> path, Duration window) implements IdempotencyKey {

        /** Copies the path. */
        public Field {
            path = List.copyOf(path);
        }
    }

    /**
     * The record's bytes: two events that say the same count as one.
     *
     * @param window for how long a key is remembered
     */
    record Content(Duration window) implements IdempotencyKey {}
}
