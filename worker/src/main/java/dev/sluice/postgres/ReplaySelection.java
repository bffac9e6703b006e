package dev.sluice.postgres;

import java.util.Set;

/**
 * Which of the pipeline's own entries.
 *
 * @param ids empty for all
 * @param filter its pipeline does not matter
 */
public record ReplaySelection(Set<Long> ids, QuarantineFilter filter) {

    /** Copies the ids. */
    public ReplaySelection {
        ids = Set.copyOf(ids);
    }
}
