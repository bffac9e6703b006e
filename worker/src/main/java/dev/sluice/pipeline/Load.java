package dev.sluice.pipeline;

import java.time.Instant;
import java.util.Optional;

/**
 * What is in flight.
 *
 * @param records received and not yet settled; a message counts as one until it is mapped
 * @param bytes of their messages' bodies and attributes
 * @param undeleted messages that are committed and could not be deleted so far
 * @param oldestSentAt when SQS accepted the oldest of the messages; empty when there is none
 */
public record Load(long records, long bytes, long undeleted, Optional<Instant> oldestSentAt) {

    static final Load NONE = new Load(0, 0, 0, Optional.empty());

    Load plus(Load other) {
        return new Load(
                records + other.records,
                bytes + other.bytes,
                undeleted + other.undeleted,
                other.oldestSentAt
                        .filter(sentAt -> oldestSentAt.map(sentAt::isBefore).orElse(true))
                        .or(() -> oldestSentAt));
    }
}
