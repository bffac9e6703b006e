package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseParameter;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Sets connections up: timeouts, TLS, session settings. The driver's defaults wait indefinitely and log values. Stateless. */
public final class Connections {

    /** For TCP and TLS together; detects a host that drops packets. */
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    /** Below SQS's default visibility timeout of 30 s: after that the messages are visible to others again. */
    static final int STATEMENT_TIMEOUT_SECONDS = 20;

    /** Below the statement timeout, so that a wait for a lock can be told from slow rows. */
    private static final int LOCK_TIMEOUT_SECONDS = 10;

    /** Above the statement timeout, so that it only applies when the server no longer answers. */
    private static final int SOCKET_TIMEOUT_SECONDS = STATEMENT_TIMEOUT_SECONDS + 5;

    /** A migration may wait for locks and rewrite tables; a deletion may read a whole table. */
    private static final int MAINTENANCE_TIMEOUT_SECONDS = 3_600;

    /**
     * When off, COMMIT returns before the write-ahead log is on disk: a crash loses rows whose messages are deleted, and
     * audit entries for values that were shown. Every other value stays as configured.
     */
    private static final String RAISE_COMMIT =
            "; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

    /** Somebody waits for a view, and the workers' statements come first. */
    private static final int VIEW_TIMEOUT_SECONDS = 4;

    private static final int VIEW_LOCK_TIMEOUT_SECONDS = 1;

    private static final String READ_ONLY = "; SET default_transaction_read_only = on";

    private static final String RESTORE_PATH = "; " + SearchPath.RESTORE_SESSION;

    private Connections() {}

    static LoginDataSource forWork(DatabaseSettings address) {
        return dataSource(new LoginDataSource(address), address, SOCKET_TIMEOUT_SECONDS);
    }

    static LoginDataSource forViews(DatabaseSettings address) {
        return dataSource(new LoginDataSource(address), address, VIEW_TIMEOUT_SECONDS + 2);
    }

    static LoginDataSource forMaintenance(DatabaseSettings address) {
        return dataSource(new LoginDataSource(address), address, MAINTENANCE_TIMEOUT_SECONDS);
    }

    /** For Flyway's statements: each connection has the fixed search path before its first statement. */
    public static PGSimpleDataSource forMigrations(DatabaseSettings address) {
        return dataSource(new FixedPathDataSource(address), address, MAINTENANCE_TIMEOUT_SECONDS);
    }

    /**
     * Initializes every session of a pool. UTC, since the driver would set the JVM's zone. Read committed, whatever the
     * role's default is: the table's types must not be read from a snapshot older than the lock. The search path is fixed
     * for these statements and is then the role's own, which triggers may need; each transaction of {@link
     * Database#transact} fixes it again. What the driver and the pool send by themselves calls no function.
     */
    static String sessionSettings(DatabaseSettings address) {
        return sessionSettings(address, STATEMENT_TIMEOUT_SECONDS, LOCK_TIMEOUT_SECONDS) + RESTORE_PATH;
    }

    /** The same for what somebody looks at: short, and read-only. */
    static String viewSettings(DatabaseSettings address) {
        return sessionSettings(address, VIEW_TIMEOUT_SECONDS, VIEW_LOCK_TIMEOUT_SECONDS) + READ_ONLY + RESTORE_PATH;
    }

    /** The same for work that may take long. */
    static String maintenanceSettings(DatabaseSettings address) {
        return sessionSettings(address, MAINTENANCE_TIMEOUT_SECONDS - 5, 0) + RESTORE_PATH;
    }

    private static String sessionSettings(
            DatabaseSettings address, int statementTimeoutSeconds, int lockTimeoutSeconds) {
        return SearchPath.FIX_SESSION
                + """
                ;
                SET TIME ZONE 'UTC';
                SET default_transaction_isolation = 'read committed';
                SET statement_timeout = '%ds';
                SET lock_timeout = '%ds'
                """
                        .formatted(statementTimeoutSeconds, lockTimeoutSeconds)
                + (address.raisesCommit() ? RAISE_COMMIT : "");
    }

    /**
     * One connection outside any pool, for a check; auto-commit, with a pool session's settings, except that the search path
     * is fixed.
     */
    public static Connection single(DatabaseSettings address) {
        return single(
                address, forWork(address), sessionSettings(address, STATEMENT_TIMEOUT_SECONDS, LOCK_TIMEOUT_SECONDS));
    }

    /**
     * One connection outside any pool, for reading a lot; auto-commit, with the search path fixed.
     *
     * @param timeout for each statement
     */
    public static Connection forReading(DatabaseSettings address, Duration timeout) {
        return single(
                address,
                dataSource(new LoginDataSource(address), address, Math.toIntExact(timeout.toSeconds()) + 5),
                sessionSettings(address, STATEMENT_TIMEOUT_SECONDS, LOCK_TIMEOUT_SECONDS)
                        + READ_ONLY
                        + "; SET statement_timeout = '"
                        + timeout.toMillis() + "ms'");
    }

    private static Connection single(DatabaseSettings address, PGSimpleDataSource source, String settings) {
        try {
            Connection connection = source.getConnection();
            Query.execute(connection, settings);
            return connection;
        } catch (SQLException e) {
            throw failure(address, e);
        }
    }

    /** Connects once, as a pool would, so that the reason of a failure is known at once. */
    static void requireReachable(DatabaseSettings address) {
        try {
            single(address).close();
        } catch (SQLException e) {
            throw failure(address, e);
        }
    }

    private static InfrastructureException failure(DatabaseSettings address, SQLException failure) {
        return DatabaseFailures.translate(address, "connect to the database", failure);
    }

    private static LoginDataSource dataSource(
            LoginDataSource source, DatabaseSettings address, int socketTimeoutSeconds) {
        source.setServerNames(new String[] {address.host()});
        source.setPortNumbers(new int[] {address.port()});
        source.setDatabaseName(address.database());
        source.setApplicationName("sluice");
        int connectTimeout = connectTimeoutSeconds(address);
        source.setConnectTimeout(connectTimeout);
        source.setLoginTimeout(connectTimeout + 1);
        source.setSocketTimeout(socketTimeoutSeconds);
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false); // DETAIL holds the failing row
        secure(source, address);
        address.parameters().forEach((parameter, value) -> apply(source, parameter, value));
        return source;
    }

    private static int connectTimeoutSeconds(DatabaseSettings address) {
        String seconds = address.parameters().get(DatabaseParameter.CONNECT_TIMEOUT);
        return seconds == null ? CONNECT_TIMEOUT_SECONDS : Integer.parseInt(seconds);
    }

    private static void apply(PGSimpleDataSource source, DatabaseParameter parameter, String value) {
        String property = parameter.driverProperty();
        if (property == null) {
            return;
        }
        try {
            source.setProperty(property, parameter.driverValue(value));
        } catch (SQLException e) {
            throw new IllegalStateException("the driver does not know its property " + property);
        }
    }

    private static void secure(PGSimpleDataSource source, DatabaseSettings address) {
        source.setSslMode(address.sslMode());
        String rootCertFile = address.sslRootCertFile();
        if (rootCertFile != null) {
            source.setSslRootCert(rootCertFile);
        } else if (address.sslMode().startsWith("verify-")) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
    }
}
