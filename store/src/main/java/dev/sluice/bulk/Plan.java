package dev.sluice.bulk;

import java.util.List;

/**
 * What there is to load.
 *
 * @param ledger of the dataset
 * @param files in all
 * @param units in all
 * @param bytes of all files
 * @param pending the units that are not loaded yet, in order
 */
public record Plan(BulkLedger ledger, int files, int units, long bytes, List<Unit> pending) {

    /** Copies the list. */
    public Plan {
        pending = List.copyOf(pending);
    }

    /** How much there is left to read. */
    public long pendingBytes() {
        return pending.stream().mapToLong(Unit::length).sum();
    }
}
