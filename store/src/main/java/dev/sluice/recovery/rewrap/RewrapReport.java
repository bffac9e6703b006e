package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.audit.Rewrapped;
import dev.sluice.recovery.audit.UnchangedValues;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rewrap did.
 *
 * @param rows rows that this call rewrote
 * @param originals quarantined originals that this call sealed again
 * @param passes passes over the table, including the last, which finds nothing
 * @param unchanged values that cannot be replaced, as of the last pass
 * @param remaining what was left when the rewrap was stopped; null if a whole pass found nothing more to do
 */
public record RewrapReport(
        long rows, long originals, int passes, List<Unchanged> unchanged, @Nullable Remaining remaining) {

    /** Copies the list. */
    public RewrapReport {
        unchanged = List.copyOf(unchanged);
    }

    /** Whether everything that can be replaced is. */
    public boolean isComplete() {
        return remaining == null;
    }

    /** The same report with another number of rows. */
    RewrapReport withRows(long counted) {
        return new RewrapReport(counted, originals, passes, unchanged, remaining);
    }

    /** The report as the audit records it, without locations. */
    public Rewrapped audited() {
        return new Rewrapped(
                rows,
                originals,
                passes,
                remaining == null ? null : remaining.rows(),
                unchanged.stream()
                        .map(values -> new UnchangedValues(values.column(), values.reason(), values.count()))
                        .toList());
    }

    /**
     * Values of one column that stay for one reason.
     *
     * @param column the column's name, or {@code quarantine}
     * @param reason one of a closed set
     * @param count how many values
     * @param examples where a few of them are: a table and a tuple id, or the id of a quarantine entry
     */
    public record Unchanged(String column, String reason, long count, List<String> examples) implements Serializable {}

    /**
     * @param rows with a value that still has to be looked at, whether or not it can be replaced
     * @param isExact false if the time for counting ran out, so that there are at least this many
     */
    public record Remaining(long rows, boolean isExact) {}
}
