package dev.sluice.postgres;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the pipeline's own entries.
 *
 * @param ids empty for all
 * @param reason a {@link dev.sluice.mapping.Reason}'s label; null for any
 */
public record ReplaySelection(Set<Long> ids, @Nullable String reason) {

    /** Copies the ids. */
    public ReplaySelection {
        ids = Set.copyOf(ids);
    }
}
