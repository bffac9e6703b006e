package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads and purges the quarantine: what was rejected and why; originals only as they are stored, sealed. Methods throw {@link
 * InfrastructureException} when the quarantine cannot be read or nothing could be deleted. Thread-safe.
 */
public final class Quarantine {

    private static final String READ = "read the quarantine";

    private static final String PURGE = "purge the quarantine";

    private static final String OLD = " AND quarantined_at < now() - ? * interval '1 ms'";

    /** Rows of one transaction: none stays open while a reader takes its time. */
    private static final int PAGE = 1_000;

    private final Database database;

    public Quarantine(Database database) {
        this.database = database;
    }

    /**
     * The newest records, newest first, read page by page.
     *
     * @param limit at most so many, at least 0
     * @param reader receives each, between two transactions
     */
    public void list(QuarantineFilter filter, int limit, Consumer<? super QuarantineEntry> reader) {
        long before = Long.MAX_VALUE;
        for (int left = limit; left > 0; left -= PAGE) {
            List<QuarantineEntry> page = page(filter, before, Math.min(left, PAGE));
            page.forEach(reader);
            if (page.size() < PAGE) {
                return;
            }
            before = page.getLast().id();
        }
    }

    /**
     * One page of them, in one transaction.
     *
     * @param before the id after which the page begins: the last one of the page before it; {@link Long#MAX_VALUE} for the
     *     first page
     * @param limit at most so many, at least 0
     */
    public List<QuarantineEntry> page(QuarantineFilter filter, long before, int limit) {
        String sql = "SELECT " + QuarantineEntry.COLUMNS + " FROM sluice.quarantine" + filter.where()
                + " AND id < ? ORDER BY id DESC LIMIT ?";
        Object[] parameters = filter.parameters(before, limit);
        return database.transact(
                READ, connection -> Query.of(connection, sql, parameters).list(QuarantineEntry::of));
    }

    /**
     * Why records are there, by reason and column, the most frequent first. Reads a part of the quarantine.
     *
     * @param newest of how many records, those quarantined last
     */
    public List<QuarantineReason> reasons(QuarantineFilter filter, int newest) {
        String sql =
                "SELECT reason, column_name, count(*), min(quarantined_at), max(quarantined_at) FROM (SELECT reason,"
                        + " column_name, quarantined_at FROM sluice.quarantine" + filter.where()
                        + " ORDER BY id DESC LIMIT ?) AS newest GROUP BY reason, column_name ORDER BY 3 DESC, 1, 2";
        return database.transact(READ, connection -> Query.of(connection, sql, filter.parameters(newest))
                .list(QuarantineReason::of));
    }

    /**
     * How many records there are, up to a number.
     *
     * @param most where counting ends
     */
    public long countUpTo(QuarantineFilter filter, long most) {
        String sql = "SELECT count(*) FROM (SELECT FROM sluice.quarantine" + filter.where() + " LIMIT ?) AS counted";
        return database.transact(READ, connection -> Query.of(connection, sql, filter.parameters(most))
                .number());
    }

    /** How many records there are by pipeline and reason, the most frequent first. Reads the whole quarantine. */
    public List<QuarantineCount> counts(QuarantineFilter filter) {
        String sql =
                "SELECT pipeline, reason, count(*), min(quarantined_at), max(quarantined_at) FROM sluice.quarantine"
                        + filter.where() + " GROUP BY pipeline, reason ORDER BY 3 DESC, 1, 2";
        return database.transact(READ, connection -> Query.of(connection, sql, filter.parameters())
                .list(QuarantineCount::of));
    }

    /**
     * One record with its sealed original.
     *
     * @return empty when there is no such id
     */
    public Optional<SealedQuarantineEntry> get(long id) {
        String sql = "SELECT " + SealedQuarantineEntry.COLUMNS + " FROM sluice.quarantine WHERE id = ?";
        return database.transact(
                READ, connection -> Query.of(connection, sql, id).first(SealedQuarantineEntry::of));
    }

    /** How many records {@link #purge} would delete now. */
    public long count(QuarantineFilter filter, Duration age) {
        String sql = "SELECT count(*) FROM sluice.quarantine" + filter.where() + OLD;
        return database.transact(READ, connection -> Query.of(connection, sql, filter.parameters(age.toMillis()))
                .number());
    }

    /**
     * Deletes nothing.
     *
     * @throws InfrastructureException as {@link #purge} would, if this user may not delete
     */
    public void requirePurge() {
        database.transact(PURGE, connection -> Query.of(connection, "DELETE FROM sluice.quarantine WHERE false")
                .update());
    }

    /**
     * Deletes records that have been in the quarantine for longer than {@code age}, by the database's clock. This cannot be
     * undone: their originals are stored nowhere else.
     *
     * @param age zero for any
     * @return how many
     */
    public long purge(QuarantineFilter filter, Duration age) {
        String sql = "DELETE FROM sluice.quarantine" + filter.where() + OLD;
        return database.transact(PURGE, connection -> Query.of(connection, sql, filter.parameters(age.toMillis()))
                .update());
    }
}
