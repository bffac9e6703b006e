package dev.sluice.postgres;

import dev.sluice.postgres.table.RowCopy;
import java.util.HashSet;
import java.util.Set;

/**
 * What there is to replay.
 *
 * @param selection which entries
 * @param entries how many
 * @param last the newest one's id; 0 when there is none
 * @param sealings under what they were sealed
 * @param rowCopy writes to the table as it was checked for the plan
 */
public record ReplayPlan(ReplaySelection selection, long entries, long last, Set<Sealing> sealings, RowCopy rowCopy) {

    /** Copies the sealings. */
    public ReplayPlan {
        sealings = Set.copyOf(sealings);
    }

    ReplayPlan plus(ReplayPlan other) {
        Set<Sealing> both = new HashSet<>(sealings);
        both.addAll(other.sealings);
        return new ReplayPlan(selection, entries + other.entries, Math.max(last, other.last), both, rowCopy);
    }
}
