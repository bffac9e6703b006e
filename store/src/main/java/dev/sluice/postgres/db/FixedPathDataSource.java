package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Fixes the search path of each new connection before anything else runs on it: Flyway queries the server's version before it
 * runs its own start-up statements. Thread-safe once it is configured.
 */
final class FixedPathDataSource extends LoginDataSource {

    private static final long serialVersionUID = 1L;

    FixedPathDataSource(DatabaseSettings address) {
        super(address);
    }

    @Override
    Connection connect(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.connect(user, password);
        try {
            Query.execute(connection, SearchPath.FIX_SESSION);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }
}
