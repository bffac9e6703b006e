package dev.sluice.postgres;

import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.table.RejectedRecord;
import java.sql.Connection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code sink.reject: dlq}: a message with a rejected record stays on the queue as a whole, and nothing of it is stored. Its
 * good records wait with the bad one, because AWS gives a message another id when it is redriven from a dead-letter queue:
 * rows stored before would be stored a second time. Stateless.
 */
final class DeadLetterPolicy {

    private DeadLetterPolicy() {}

    /**
     * Stores records of messages that have no rejected record.
     *
     * @param store stores records that the mapper accepted; rolls back with {@link LeftOnQueueException} when the database
     *     rejects some
     * @return one settlement per record; all records of a message that stays on the queue are deferred
     */
    static List<Settlement> store(List<MappedRecord> records, Function<List<MappedRecord>, List<Settlement>> store) {
        Set<String> left = records.stream()
                .filter(mapped -> mapped.outcome() instanceof Rejection)
                .map(mapped -> mapped.message().id())
                .collect(Collectors.toCollection(HashSet::new));
        while (true) {
            List<MappedRecord> kept = records.stream()
                    .filter(mapped -> !left.contains(mapped.message().id()))
                    .toList();
            try {
                Iterator<Settlement> next = (kept.isEmpty() ? List.<Settlement>of() : store.apply(kept)).iterator();
                return records.stream()
                        .map(mapped -> left.contains(mapped.message().id()) ? Settlement.DEFERRED : next.next())
                        .toList();
            } catch (LeftOnQueueException e) {
                left.addAll(e.messageIds); // at least one more each time, so this ends
            }
        }
    }

    /** @throws LeftOnQueueException when there is a rejected record; this rolls back the transaction */
    static void leaveOnQueue(Connection connection, List<RejectedRecord> rejects) {
        if (!rejects.isEmpty()) {
            throw new LeftOnQueueException(
                    rejects.stream().map(RejectedRecord::messageId).collect(Collectors.toSet()));
        }
    }

    /** The database rejected rows whose messages must stay on the queue; nothing was stored. Never leaves the sink. */
    private static final class LeftOnQueueException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Set<String> messageIds;

        LeftOnQueueException(Set<String> messageIds) {
            super("messages stay on the queue", null, false, false);
            this.messageIds = messageIds;
        }
    }
}
