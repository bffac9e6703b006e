package dev.sluice.postgres.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections whose search path is fixed before anybody else says a word on them: Flyway asks for the server's version before
 * it runs what it is given for the start of a session. Thread-safe once it is set up.
 */
final class FixedPathDataSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1L;

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SearchPath.FIX_SESSION);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }
}
