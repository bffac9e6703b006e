package dev.sluice.postgres;

import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code sink.reject: dlq}: a message with a record that makes no row is left to the queue whole, nothing of it is
 * stored. Its good records wait with the bad one, because AWS gives a message another id when it is redriven from a
 * dead-letter queue: rows stored before would be stored once more. Stateless.
 */
final class DeadLetterPolicy {

    private DeadLetterPolicy() {}

    /**
     * @param store stores records of which the mapper rejected none, or throws {@link LeftOnQueueException}, having stored none
     * @return one settlement per record; all of a message that is left are deferred
     */
    static List<Settlement> store(List<MappedRecord> records, Store store) {
        Set<String> left = records.stream()
                .filter(mapped -> mapped.outcome() instanceof Rejection)
                .map(mapped -> mapped.message().id())
                .collect(Collectors.toCollection(HashSet::new));
        while (true) {
            List<MappedRecord> kept = records.stream()
                    .filter(mapped -> !left.contains(mapped.message().id()))
                    .toList();
            try {
                return merged(records, left, kept.isEmpty() ? List.of() : store.apply(kept));
            } catch (LeftOnQueueException e) {
                left.addAll(e.messageIds()); // at least one more each time, so this ends
            }
        }
    }

    private static List<Settlement> merged(List<MappedRecord> records, Set<String> left, List<Settlement> ofKept) {
        Iterator<Settlement> next = ofKept.iterator();
        List<Settlement> settlements = new ArrayList<>(records.size());
        for (MappedRecord mapped : records) {
            settlements.add(left.contains(mapped.message().id()) ? Settlement.DEFERRED : next.next());
        }
        return settlements;
    }

    /** Stores records and tells what became of each. */
    @FunctionalInterface
    interface Store {
        List<Settlement> apply(List<MappedRecord> records);
    }
}
