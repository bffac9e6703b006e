package dev.sluice.recovery.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a rewrap.
 *
 * @param rows updated
 * @param originals sealed again
 * @param passes over the table
 * @param remaining rows when it was stopped; null when it was completed
 * @param unchanged values that stay as they are
 */
public record Rewrapped(
        long rows, long originals, int passes, @Nullable Long remaining, List<UnchangedValues> unchanged) {

    /** Copies the list. */
    public Rewrapped {
        unchanged = List.copyOf(unchanged);
    }
}
