package dev.sluice.postgres;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What there is to replay.
 *
 * @param selection which entries
 * @param entries how many
 * @param last the newest one's id; 0 when there is none
 * @param sealings under what they were sealed
 * @param rowCopy writes to the table as it was checked for the plan
 */
public record ReplayPlan(Selection selection, long entries, long last, Set<Sealing> sealings, RowCopy rowCopy) {

    /** Copies the sealings. */
    public ReplayPlan {
        sealings = Set.copyOf(sealings);
    }

    ReplayPlan plus(ReplayPlan other) {
        Set<Sealing> both = new HashSet<>(sealings);
        both.addAll(other.sealings);
        return new ReplayPlan(selection, entries + other.entries, Math.max(last, other.last), both, rowCopy);
    }

    /**
     * Under what an original was sealed.
     *
     * @param version of the pipeline file; of the last one that rejected the record, when {@code protection} is not null
     * @param protection the {@link dev.sluice.mapping.FieldProtection#text} that the original is bound to; null for none
     */
    public record Sealing(String version, @Nullable String protection) {}

    /**
     * Which of the pipeline's own entries.
     *
     * @param ids empty for all
     * @param reason a {@link dev.sluice.mapping.Reason}'s label; null for any
     */
    public record Selection(Set<Long> ids, @Nullable String reason) {

        /** Copies the ids. */
        public Selection {
            ids = Set.copyOf(ids);
        }
    }
}
