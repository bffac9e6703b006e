package dev.sluice.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which quarantined records; null for any. By the time at which they were quarantined, by the database's clock.
 *
 * @param pipeline that rejected them
 * @param reason a {@link dev.sluice.mapping.Reason}'s label
 * @param since the first instant
 * @param until the first instant that is too late
 */
public record QuarantineFilter(
        @Nullable String pipeline, @Nullable String reason, @Nullable Instant since, @Nullable Instant until) {

    /** All records. */
    public static final QuarantineFilter ALL = new QuarantineFilter(null, null, null, null);

    /** The same, of one pipeline. */
    public QuarantineFilter ofPipeline(String name) {
        return new QuarantineFilter(name, reason, since, until);
    }

    /** A WHERE clause for {@code sluice.quarantine} that takes {@link #parameters}; more may follow after {@code AND}. */
    String where() {
        return " WHERE true"
                + (pipeline == null ? "" : " AND pipeline = ?")
                + (reason == null ? "" : " AND reason = ?")
                + (since == null ? "" : " AND quarantined_at >= ?")
                + (until == null ? "" : " AND quarantined_at < ?");
    }

    /** Followed by those of what follows the clause. */
    Object[] parameters(Object... more) {
        List<Object> parameters = new ArrayList<>();
        for (Object given : new @Nullable Object[] {pipeline, reason, since, until}) {
            if (given != null) {
                parameters.add(given);
            }
        }
        parameters.addAll(List.of(more));
        return parameters.toArray();
    }
}
