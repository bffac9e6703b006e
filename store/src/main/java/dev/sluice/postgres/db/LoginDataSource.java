package dev.sluice.postgres.db;

import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.util.Credentials;
import dev.sluice.config.DatabasePassword;
import dev.sluice.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Logs in with a password of its own for each connection: tokens expire and passwords are rotated. When the server refuses
 * one that may have been rotated, tries once more. The pool, single connections and Flyway all connect through it.
 *
 * <p>A new session gets its settings here. Behind a {@link Pooler} it is not ours to set: nothing is prepared there, and
 * {@link #ofTransaction} has the settings for each transaction. Thread-safe once it is configured.
 */
class LoginDataSource extends PGSimpleDataSource implements HikariCredentialsProvider {

    private static final long serialVersionUID = 1L;

    private final transient DatabaseSettings address;
    private final transient SessionSettings settings;

    /** Once seen, so for good: the address stays the same. */
    private volatile boolean isPooled;

    LoginDataSource(DatabaseSettings address, SessionSettings settings) {
        this.address = address;
        this.settings = settings;
    }

    SessionSettings settings() {
        return settings;
    }

    /** SQL that begins each transaction; empty while sessions are our own and have their settings. */
    String ofTransaction() {
        return isPooled ? settings.ofTransaction() : "";
    }

    /** For the pool, which asks before each connection that it opens. */
    @Override
    public Credentials getCredentials() {
        DatabasePassword password = address.password();
        return Credentials.of(address.user(), password == null ? null : password.current());
    }

    @Override
    public Connection getConnection() throws SQLException {
        Credentials credentials = getCredentials();
        return getConnection(credentials.getUsername(), credentials.getPassword());
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        try {
            return connect(user, password);
        } catch (SQLException refused) {
            DatabasePassword source = address.password();
            if (source == null || password == null || !isRenewed(source, password, refused)) {
                throw refused;
            }
            return connect(user, source.current());
        }
    }

    private static boolean isRenewed(DatabasePassword source, String password, SQLException refused) {
        return SqlState.isLoginRefused(DatabaseFailures.state(refused)) && source.renew(password);
    }

    private Connection connect(@Nullable String user, @Nullable String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        try {
            begin(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Before anything else runs on a new connection. */
    void begin(Connection connection) throws SQLException {
        if (Pooler.isBetween(connection)) {
            isPooled = true;
            Pooler.preparesNothing(connection);
        } else {
            Query.execute(connection, settings.ofSession());
        }
    }
}
