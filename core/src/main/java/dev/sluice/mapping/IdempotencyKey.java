package dev.sluice.mapping;

import java.time.Duration;
import java.util.List;

/** What identifies a record, so that a second one is a duplicate: {@code source.idempotency-key}. */
public sealed interface IdempotencyKey {

    /**
     * The delivery: SQS's message id and sent time, and the record's index. A producer that sends twice makes two rows.
     */
    record MessageId() implements IdempotencyKey {}

    /**
     * A required field in which the producer sends its own id: text or a whole number.
     *
     * @param name as the pipeline file names it, for rejections
     * @param path field names from the root
     * @param window how long a key is remembered
     */
    record Field(String name, List<String> path, Duration window) implements IdempotencyKey {

        /** Copies the path. */
        public Field {
            path = List.copyOf(path);
        }
    }

    /**
     * The record's bytes: two events with the same bytes count as one.
     *
     * @param window how long a key is remembered
     */
    record Content(Duration window) implements IdempotencyKey {}
}
