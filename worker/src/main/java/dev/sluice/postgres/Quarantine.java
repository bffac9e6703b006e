package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads and purges the quarantine: what was rejected and why; originals only as they are stored, sealed. Methods throw {@link
 * InfrastructureException} when the quarantine cannot be read or nothing could be deleted. Thread-safe.
 */
public final class Quarantine {

    private static final String READ = "read the quarantine";

    private static final String OLD =
            " FROM sluice.quarantine WHERE pipeline = ? AND quarantined_at < now() - ? * interval '1 ms'";

    private final Database database;

    public Quarantine(Database database) {
        this.database = database;
    }

    /**
     * The newest records of all pipelines, newest first.
     *
     * @param limit at most so many, at least 0
     */
    public List<QuarantineEntry> list(int limit) {
        String sql = "SELECT " + QuarantineEntry.COLUMNS + " FROM sluice.quarantine ORDER BY id DESC LIMIT ?";
        return database.transact(
                READ, connection -> Query.of(connection, sql, limit).list(QuarantineEntry::of));
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

    /**
     * How many records {@link #purge} would delete now.
     *
     */
    public long count(String pipeline, Duration age) {
        return database.transact(
                READ, connection -> Query.of(connection, "SELECT count(*)" + OLD, pipeline, age.toMillis())
                        .number());
    }

    /**
     * Deletes a pipeline's records that have been in the quarantine for longer than {@code age}, by the database's clock. This
     * cannot be undone: their originals are stored nowhere else.
     *
     * @return how many
     */
    public long purge(String pipeline, Duration age) {
        return database.transact(
                "purge the quarantine", connection -> Query.of(connection, "DELETE" + OLD, pipeline, age.toMillis())
                        .update());
    }
}
