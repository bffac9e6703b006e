package dev.sluice.recovery.audit;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import org.jspecify.annotations.Nullable;

/**
 * How many requests to recover values the audit holds after an entry, whoever made them.
 *
 * @param seq of the last entry that is counted, or the one asked about when there is no later one
 * @param granted requests of {@code unmask} and {@code export} that were granted
 * @param denied those that were denied
 */
public record RequestCounts(long seq, long granted, long denied) {

    /**
     * Counts at most 10,000 entries.
     *
     * @param after where to begin; null for the head, behind which there is nothing yet
     * @throws dev.sluice.failure.InfrastructureException as {@link Database#transact}; NOT_PERMITTED if the login may not
     *     count them
     */
    public static RequestCounts read(Database database, @Nullable Long after) {
        return database.transact("count the requests in the audit", connection -> Query.of(
                        connection, "SELECT seq, granted, denied FROM sluice.recovery_counts(?)", after)
                .one(row -> new RequestCounts(row.getLong(1), row.getLong(2), row.getLong(3))));
    }
}
