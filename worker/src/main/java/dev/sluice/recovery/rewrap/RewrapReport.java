package dev.sluice.recovery.rewrap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rewrap did.
 *
 * @param rows rows that were written anew by this call
 * @param originals sealed originals of the quarantine that were
 * @param passes how often the table was gone over, the last look included
 * @param left values that cannot be replaced and stay as they are, as of the last pass
 * @param remaining what was still to do when it was stopped; null when a whole look found nothing more to do
 */
public record RewrapReport(long rows, long originals, int passes, List<Left> left, @Nullable Remaining remaining) {

    /** Copies the list. */
    public RewrapReport {
        left = List.copyOf(left);
    }

    /** Whether all is done that can be. */
    public boolean complete() {
        return remaining == null;
    }

    /**
     * Values of one column that stay for one reason.
     *
     * @param column the column's name, or {@code quarantine}
     * @param why in a word or two, of a closed set
     * @param values how many
     * @param places of a few of them: a table and its tuple's id, or an entry's id
     */
    public record Left(String column, String why, long values, List<String> places) {}

    /**
     * @param rows with a value that is not as it should be, whether or not it can be replaced
     * @param exact false when the time for counting ran out, so that there are at least so many
     */
    public record Remaining(long rows, boolean exact) {}
}
