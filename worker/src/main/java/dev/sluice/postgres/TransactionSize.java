package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many records go into one transaction: at most 10,000, and fewer after a batch ran into the statement timeout; then as
 * many as were last stored at once, doubling after some successes. Shared by all consumers; thread-safe.
 */
final class TransactionSize {

    /** Large enough that a table that stays slow costs a timeout in at most every tenth transaction. */
    private static final int SUCCESSES_PER_DOUBLING = 10;

    /** Needs some megabytes for COPY and the ledger's keys; larger transactions store no faster (ADR 5). */
    private static final int MAX = 10_000;

    private int limit = MAX;
    private int successes;

    /** Splits a batch into parts of that size, {@code wholeMessages} without splitting a message, however large. */
    synchronized List<List<MappedRecord>> parts(List<MappedRecord> records, boolean wholeMessages) {
        if (records.size() <= limit) {
            return List.of(records);
        }
        List<List<MappedRecord>> parts = new ArrayList<>();
        List<MappedRecord> open = new ArrayList<>();
        for (List<MappedRecord> unit : units(records, wholeMessages)) {
            if (!open.isEmpty() && open.size() + unit.size() > limit) {
                parts.add(open);
                open = new ArrayList<>();
            }
            open.addAll(unit);
        }
        parts.add(open);
        return parts;
    }

    /** What is never split: single records, or messages with all their records. */
    static List<List<MappedRecord>> units(List<MappedRecord> records, boolean wholeMessages) {
        List<List<MappedRecord>> units = new ArrayList<>();
        @Nullable Message last = null;
        for (MappedRecord mapped : records) {
            if (!wholeMessages || !Objects.equals(mapped.message(), last)) {
                units.add(new ArrayList<>());
            }
            units.getLast().add(mapped);
            last = mapped.message();
        }
        return units;
    }

    /** A part was stored at once. */
    synchronized void stored() {
        if (limit < MAX && ++successes == SUCCESSES_PER_DOUBLING) {
            limit = Math.min(MAX, limit * 2);
            successes = 0;
        }
    }

    /** A part ran into the statement timeout; at most {@code largestStored} of its records were stored at once. */
    synchronized void timedOut(int largestStored) {
        if (largestStored > 0) {
            limit = largestStored;
            successes = 0;
        }
    }
}
