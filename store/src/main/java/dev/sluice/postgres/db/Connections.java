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

    /** Somebody waits for a view, and the workers' statements come first. */
    private static final int VIEW_TIMEOUT_SECONDS = 4;

    private static final int VIEW_LOCK_TIMEOUT_SECONDS = 1;

    private static final String CONNECT = "connect to the database";

    private Connections() {}

    static LoginDataSource forWork(DatabaseSettings address) {
        SessionSettings settings = new SessionSettings(
                STATEMENT_TIMEOUT_SECONDS * 1_000L, LOCK_TIMEOUT_SECONDS * 1_000L, false, address.raisesCommit());
        return dataSource(new LoginDataSource(address, settings), address, SOCKET_TIMEOUT_SECONDS);
    }

    /** For what somebody looks at: short, and read-only. */
    static LoginDataSource forViews(DatabaseSettings address) {
        SessionSettings settings = new SessionSettings(
                VIEW_TIMEOUT_SECONDS * 1_000L, VIEW_LOCK_TIMEOUT_SECONDS * 1_000L, true, address.raisesCommit());
        return dataSource(new LoginDataSource(address, settings), address, VIEW_TIMEOUT_SECONDS + 2);
    }

    /** For work that may take long. */
    static LoginDataSource forMaintenance(DatabaseSettings address) {
        SessionSettings settings =
                new SessionSettings((MAINTENANCE_TIMEOUT_SECONDS - 5) * 1_000L, 0, false, address.raisesCommit());
        return dataSource(new LoginDataSource(address, settings), address, MAINTENANCE_TIMEOUT_SECONDS);
    }

    /**
     * For Flyway's statements: each connection has the fixed search path before its first statement. Needs sessions of its
     * own: not through a pooler that {@link Pooler#isSharing shares} them.
     */
    public static PGSimpleDataSource forMigrations(DatabaseSettings address) {
        return dataSource(new FixedPathDataSource(address), address, MAINTENANCE_TIMEOUT_SECONDS);
    }

    /**
     * Runs work in one transaction over a connection outside any pool, on the fixed search path, with a pool's settings:
     * committed when the work returns, rolled back when it throws. For checks, and for what must not wait for a pool.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException when the connection, the work or its commit failed, as {@link Database#transact}
     */
    public static <T> T once(DatabaseSettings address, String action, Database.Work<T> work) {
        return once(address, forWork(address), action, work);
    }

    /**
     * The same for reading a lot; read-only.
     *
     * @param timeout for each statement
     */
    public static <T> T reading(DatabaseSettings address, Duration timeout, String action, Database.Work<T> work) {
        SessionSettings settings =
                new SessionSettings(timeout.toMillis(), LOCK_TIMEOUT_SECONDS * 1_000L, true, address.raisesCommit());
        LoginDataSource source =
                dataSource(new LoginDataSource(address, settings), address, Math.toIntExact(timeout.toSeconds()) + 5);
        return once(address, source, action, work);
    }

    private static <T> T once(DatabaseSettings address, LoginDataSource source, String action, Database.Work<T> work) {
        try (Connection connection = open(address, source)) {
            T result = work.run(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw DatabaseFailures.translate(address, action, e);
        }
    }

    /**
     * One connection outside any pool, within a transaction on the fixed search path, with a pool's settings. Whoever closes
     * it without a commit has written nothing.
     */
    public static Connection single(DatabaseSettings address) {
        return open(address, forWork(address));
    }

    private static Connection open(DatabaseSettings address, LoginDataSource source) {
        try {
            Connection connection = source.getConnection();
            connection.setAutoCommit(false);
            Pooler.preparesNothing(connection);
            Query.execute(connection, source.settings().ofTransaction());
            SearchPath.fix(connection);
            return connection;
        } catch (SQLException e) {
            throw DatabaseFailures.translate(address, CONNECT, e);
        }
    }

    /** Connects once, as a pool would, so that the reason of a failure is known at once. */
    static void requireReachable(DatabaseSettings address) {
        once(address, CONNECT, connection -> true);
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
