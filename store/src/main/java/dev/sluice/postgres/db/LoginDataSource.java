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
 * Thread-safe once it is configured.
 */
class LoginDataSource extends PGSimpleDataSource implements HikariCredentialsProvider {

    private static final long serialVersionUID = 1L;

    private final transient DatabaseSettings address;

    LoginDataSource(DatabaseSettings address) {
        this.address = address;
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

    /** Opens one connection. */
    Connection connect(@Nullable String user, @Nullable String password) throws SQLException {
        return super.getConnection(user, password);
    }
}
