package dev.sluice.pipeline;

import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Maps messages, in batches whose records fit into a memory budget over all consumers. Bytes on the queue are no bound: a
 * body of 180 KB may hold 60,000 records, and one of 120 KB may unpack to megabytes. Fair: a large message waits for its
 * turn, and what comes behind it waits too. Shared by all consumers; thread-safe.
 */
final class BoundedMapper {

    /** The budget is a quarter of the heap. The rest is for received bodies, the driver, the SDK and the collector. */
    private static final int SHARE = 4;

    /** A semaphore counts in ints: kibibytes reach up to two tebibytes. */
    private static final int UNIT_BYTES = 1_024;

    /** What the sink writes at once while it holds only some megabytes besides. */
    private static final int MAX_RECORDS = 10_000;

    /**
     * An outcome without its values: row or rejection, original, list entries (JOL's layout on 64-bit JVMs with compressed
     * references: 24 to 48 bytes each).
     */
    private static final long RECORD_BYTES = 160;

    /** Headers and padding of a string and its array; other values take less. */
    private static final int VALUE_BYTES = 56;

    /** What a byte of JSON may become: a masked text of one letter, with its name and quotes ten bytes, takes 112 bytes. */
    private static final int HEAP_PER_BYTE = 10;

    /** The shortest record and its comma: {@code {},}. */
    private static final int SHORTEST_RECORD = 3;

    private static final int MOST_RECORDS = 65_536;

    private final Mapper mapper;
    private final int budget;
    private final Semaphore free;

    BoundedMapper(Mapper mapper) {
        this(mapper, Runtime.getRuntime().maxMemory() / SHARE);
    }

    BoundedMapper(Mapper mapper, long budgetBytes) {
        this.mapper = mapper;
        this.budget = Math.clamp(budgetBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(budget, true);
    }

    /**
     * Maps messages in order and passes each batch on; its memory is released when {@code batch} returns. Blocks until there
     * is memory for the first message of a batch. Called by a consumer that holds no memory, so that consumers cannot
     * deadlock.
     *
     * @param batch called with the records in the order of the messages, and within each in their order
     */
    void map(List<Message> messages, Consumer<List<MappedRecord>> batch) {
        Deque<Message> waiting = new ArrayDeque<>(messages);
        while (!waiting.isEmpty()) {
            mapBatch(waiting, batch);
        }
    }

    private void mapBatch(Deque<Message> waiting, Consumer<List<MappedRecord>> batch) {
        Mapper.Batch mapped = mapper.begin();
        List<MappedRecord> records = new ArrayList<>();
        int reserved = 0;
        try {
            while (!waiting.isEmpty() && records.size() < MAX_RECORDS) {
                Message message = waiting.getFirst();
                Mapper.Unpacked unpacked = message.unpack(mapped);
                int most = units(mostBytes(unpacked.bytes()));
                if (!reserve(most, records.isEmpty())) {
                    break;
                }
                reserved += most;
                int spare = Math.max(0, most - units(map(message, unpacked, records)));
                free.release(spare);
                reserved -= spare;
                waiting.removeFirst();
            }
            mapped.mask();
            batch.accept(records);
        } finally {
            free.release(reserved);
        }
    }

    private boolean reserve(int units, boolean mayWait) {
        if (mayWait) {
            free.acquireUninterruptibly(units);
            return true;
        }
        return free.tryAcquire(units);
    }

    /** Returns about how many bytes of the heap the records take. */
    private static long map(Message message, Mapper.Unpacked unpacked, List<MappedRecord> records) {
        List<Outcome> outcomes = unpacked.map();
        long bytes = 0;
        for (int index = 0; index < outcomes.size(); index++) {
            records.add(new MappedRecord(message, index, outcomes.get(index)));
            bytes += bytes(outcomes.get(index));
        }
        return bytes;
    }

    /** More than the whole budget takes the whole budget. */
    private int units(long bytes) {
        return Math.clamp(bytes / UNIT_BYTES + 1, 1, budget);
    }

    private static long mostBytes(long unpackedBytes) {
        return unpackedBytes * HEAP_PER_BYTE
                + RECORD_BYTES * Math.min(MOST_RECORDS, 1 + unpackedBytes / SHORTEST_RECORD);
    }

    private static long bytes(Outcome outcome) {
        long bytes = RECORD_BYTES + outcome.original().length();
        return switch (outcome) {
            case Rejection rejection -> bytes;
            case Row row -> {
                for (int i = 0; i < row.width(); i++) {
                    bytes += VALUE_BYTES + row.textLength(i);
                }
                yield bytes;
            }
        };
    }
}
