package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

/** Deletes old entries of one pipeline's quarantine, for good: their originals are nowhere else. Thread-safe. */
public final class QuarantinePurge {

    private static final String OLD =
            " FROM sluice.quarantine WHERE pipeline = ? AND quarantined_at < now() - ? * interval '1 ms'";

    private final Database database;
    private final String pipeline;

    /** @param pipeline whose entries */
    public QuarantinePurge(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /**
     * How many {@link #purge} would delete now.
     *
     * @throws InfrastructureException when the quarantine cannot be read
     */
    public long count(Duration age) {
        return database.transact("read the quarantine", connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT count(*)" + OLD)) {
                statement.setString(1, pipeline);
                statement.setLong(2, age.toMillis());
                ResultSet found = statement.executeQuery();
                found.next();
                return found.getLong(1);
            }
        });
    }

    /**
     * Deletes entries that have been in the quarantine for longer than {@code age}, by the database's clock.
     *
     * @return how many
     * @throws InfrastructureException when they cannot be deleted; none is then
     */
    public long purge(Duration age) {
        return database.transact("purge the quarantine", connection -> {
            try (PreparedStatement statement = connection.prepareStatement("DELETE" + OLD)) {
                statement.setString(1, pipeline);
                statement.setLong(2, age.toMillis());
                return statement.executeLargeUpdate();
            }
        });
    }
}
