package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * How many records go into one transaction: all of a batch, unless batches have run into the statement timeout; then as
 * many as last went through, doubling again after some successes. Shared by all lanes; thread-safe.
 */
final class PortionSize {

    /** Long enough that a table that stays slow costs a time-out in every tenth portion at most. */
    private static final int SUCCESSES_PER_DOUBLING = 10;

    /** Above what a batch holds; the largest message has 65,536 records. */
    private static final int UNLIMITED = 100_000;

    private int limit = UNLIMITED;
    private int successes;

    /**
     * Splits a batch.
     *
     * @param wholeMessages whether the records of a message stay together, however many they are
     */
    synchronized List<List<MappedRecord>> portions(List<MappedRecord> records, boolean wholeMessages) {
        if (records.size() <= limit) {
            return List.of(records);
        }
        List<List<MappedRecord>> portions = new ArrayList<>();
        List<MappedRecord> open = new ArrayList<>();
        for (List<MappedRecord> unit : Division.units(records, wholeMessages)) {
            if (!open.isEmpty() && open.size() + unit.size() > limit) {
                portions.add(open);
                open = new ArrayList<>();
            }
            open.addAll(unit);
        }
        portions.add(open);
        return portions;
    }

    /** A portion was stored at once. */
    synchronized void stored() {
        if (limit < UNLIMITED && ++successes == SUCCESSES_PER_DOUBLING) {
            limit = Math.min(UNLIMITED, limit * 2);
            successes = 0;
        }
    }

    /** A portion ran into the statement timeout; the largest part of it that was stored had so many records; 0 for none. */
    synchronized void timedOut(int largestStored) {
        if (largestStored > 0) {
            limit = largestStored;
            successes = 0;
        }
    }
}
