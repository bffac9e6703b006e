package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Fixes the search path of each new connection before anything else runs on it: Flyway queries the server's version before it
 * runs its own start-up statements. Thread-safe once it is configured.
 */
final class FixedPathDataSource extends LoginDataSource {

    private static final long serialVersionUID = 1L;

    /** Flyway's statements may take long. */
    FixedPathDataSource(DatabaseSettings address) {
        super(address, new SessionSettings(0, 0, false, address.raisesCommit()));
    }

    @Override
    void begin(Connection connection) throws SQLException {
        Query.execute(connection, SearchPath.FIX_SESSION);
    }
}
