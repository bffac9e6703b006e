package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import java.io.Serializable;
import java.util.List;

/**
 * What was found and done in a part of a table.
 *
 * @param found rows with a value that can be replaced
 * @param replaced those that were; the others were locked, gone, or changed in the meantime
 * @param unchanged values that cannot be replaced
 */
public record PageCounts(long found, long replaced, List<Unchanged> unchanged) implements Serializable {

    /** Copies the list. */
    public PageCounts {
        unchanged = List.copyOf(unchanged);
    }
}
