package dev.sluice.pipeline;

import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The records of some messages, as many as fit into the memory that mapped records may take over all lanes. Bytes on the
 * queue bound nothing: a body of 180 KB may hold 60,000 records, and one of 120 KB may unpack to megabytes. Used by one
 * lane; closing it gives the memory back.
 */
final class MappedBatch implements AutoCloseable {

    /** What the sink writes at once without holding more than some megabytes besides. */
    private static final int MAX_RECORDS = 10_000;

    /**
     * What an outcome takes without its values: row or rejection, original, list entries (JOL's layout on 64-bit JVMs with
     * compressed references: 24 to 48 bytes each).
     */
    private static final long RECORD_BYTES = 160;

    /** A string's and its array's headers and padding; other values take less. */
    private static final int VALUE_BYTES = 56;

    /** What a byte of JSON may become: a masked text of one letter, with its name and quotes ten bytes, is 112 in the heap. */
    private static final int HEAP_PER_BYTE = 10;

    /** The shortest record and its comma, {@code {},}: so many of them at most. */
    private static final int SHORTEST_RECORD = 3;

    private static final int MOST_RECORDS = 65_536;

    private final MemoryBudget memory;
    private final List<MappedRecord> records = new ArrayList<>();
    private int reserved;

    private MappedBatch(MemoryBudget memory) {
        this.memory = memory;
    }

    /**
     * Maps messages from the head of a queue, at least one. Blocks until there is memory for the first; the others are
     * left when there is none for them now, or when they would be too many.
     *
     * @param waiting not empty; what is mapped is taken out
     */
    static MappedBatch of(Deque<Message> waiting, Mapper mapper, MemoryBudget memory) {
        MappedBatch batch = new MappedBatch(memory);
        try {
            while (!waiting.isEmpty() && batch.add(waiting.getFirst(), mapper)) {
                waiting.removeFirst();
            }
            return batch;
        } catch (RuntimeException | Error failure) {
            batch.close();
            throw failure;
        }
    }

    /** Whether it was mapped. The most that it may take is reserved before; then only what it takes is kept. */
    private boolean add(Message message, Mapper mapper) {
        if (records.size() >= MAX_RECORDS) {
            return false;
        }
        Mapper.Unpacked unpacked = mapper.unpack(message.id(), message.sentAt(), message.body());
        int most = memory.units(most(unpacked.bytes()));
        if (records.isEmpty()) {
            memory.reserve(most);
        } else if (!memory.tryReserve(most)) {
            return false;
        }
        reserved += most;
        int spare = Math.max(0, most - memory.units(map(message, unpacked)));
        reserved -= spare;
        memory.release(spare);
        return true;
    }

    /** Answers about how many bytes of the heap the records take. */
    private long map(Message message, Mapper.Unpacked unpacked) {
        List<Outcome> outcomes = unpacked.map();
        long bytes = 0;
        for (int index = 0; index < outcomes.size(); index++) {
            records.add(new MappedRecord(message, index, outcomes.get(index)));
            bytes += bytes(outcomes.get(index));
        }
        return bytes;
    }

    private static long most(long unpackedBytes) {
        return unpackedBytes * HEAP_PER_BYTE
                + RECORD_BYTES * Math.min(MOST_RECORDS, 1 + unpackedBytes / SHORTEST_RECORD);
    }

    /** About what an outcome takes of the heap. */
    private static long bytes(Outcome outcome) {
        long bytes = RECORD_BYTES + outcome.original().length();
        return switch (outcome) {
            case Rejection rejection -> bytes;
            case Row row -> {
                for (int i = 0; i < row.width(); i++) {
                    bytes += VALUE_BYTES + (row.value(i) instanceof String text ? text.length() : 0);
                }
                yield bytes;
            }
        };
    }

    /** In the order of the messages, and of the records in each. */
    List<MappedRecord> records() {
        return records;
    }

    @Override
    public void close() {
        memory.release(reserved);
        reserved = 0;
    }
}
