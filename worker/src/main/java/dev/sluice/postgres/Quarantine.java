package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Original;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and purges the quarantine: what was rejected and why; originals only as they are stored, sealed. Thread-safe. */
public final class Quarantine {

    private static final String READ = "read the quarantine";

    private static final String OLD =
            " FROM sluice.quarantine WHERE pipeline = ? AND quarantined_at < now() - ? * interval '1 ms'";

    /** What {@link #sealed} reads. */
    static final String SEALED_COLUMNS = QuarantineEntry.COLUMNS + ", original, idempotency_key";

    private final Database database;

    public Quarantine(Database database) {
        this.database = database;
    }

    /**
     * The newest records of all pipelines, newest first.
     *
     * @param limit at most so many, at least 0
     * @throws InfrastructureException when the quarantine cannot be read
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
     * @throws InfrastructureException when the quarantine cannot be read
     */
    public Optional<SealedEntry> get(long id) {
        String sql = "SELECT " + SEALED_COLUMNS + " FROM sluice.quarantine WHERE id = ?";
        return database.transact(
                READ, connection -> Query.of(connection, sql, id).first(Quarantine::sealed));
    }

    static SealedEntry sealed(ResultSet row) throws SQLException {
        return new SealedEntry(QuarantineEntry.of(row), row.getBytes("original"), row.getBytes("idempotency_key"));
    }

    /**
     * How many records {@link #purge} would delete now.
     *
     * @throws InfrastructureException when the quarantine cannot be read
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
     * @throws InfrastructureException when they cannot be deleted; none is then
     */
    public long purge(String pipeline, Duration age) {
        return database.transact(
                "purge the quarantine", connection -> Query.of(connection, "DELETE" + OLD, pipeline, age.toMillis())
                        .update());
    }

    /**
     * @param entry the record
     * @param original what {@link Original#seal()} made
     * @param idempotencyKey what the record claimed in the ledger; null for its message id and position
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from the result set to the unsealer, never compared
    public record SealedEntry(QuarantineEntry entry, byte[] original, byte @Nullable [] idempotencyKey) {}
}
