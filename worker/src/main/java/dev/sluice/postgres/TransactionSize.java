package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * How many records go into one transaction: 10,000 at the most, and fewer after batches have run into the statement timeout;
 * then as many as last went through, doubling again after some successes. Shared by all lanes; thread-safe.
 */
final class TransactionSize {

    /** Long enough that a table that stays slow costs a time-out in every tenth portion at most. */
    private static final int SUCCESSES_PER_DOUBLING = 10;

    /** What COPY and the ledger's keys hold of them besides is some megabytes; larger ones store no faster (ADR 5). */
    private static final int MOST = 10_000;

    private int limit = MOST;
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
        for (List<MappedRecord> unit : BatchSplitter.units(records, wholeMessages)) {
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
        if (limit < MOST && ++successes == SUCCESSES_PER_DOUBLING) {
            limit = Math.min(MOST, limit * 2);
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
