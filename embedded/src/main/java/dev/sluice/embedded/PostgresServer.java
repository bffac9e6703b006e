package dev.sluice.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server on a free loopback port; root can start it too. All its files, including the unpacked binaries, are
 * in one temporary folder. Meant to be used as one server per JVM and one {@link #createDatabase database} per test.
 * Thread-safe.
 *
 * <p>The server runs under a small shell script that lives as long as the pipe to this JVM. So it needs no shutdown
 * hook, serves until the end of an orderly drain, and is removed with its files even if the JVM is killed.
 *
 * <p>Limit: durability is switched off: committed rows survive a crash of the server's processes, but not of the machine.
 *
 * <p>Security: other users of this machine can reach the port but need a password, which is random and never part of a
 * command line. The owner of the databases is not a superuser. If root runs it, the server drops root's file permissions, or
 * warns that it cannot.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String ADMINISTRATOR = "postgres";
    private static final String OWNER = "sluice";

    /** 192 bits: nobody can guess that, so SCRAM needs no iterations against guessing either. */
    private static final int PASSWORD_BYTES = 24;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PostgresKeeper keeper;
    private final int port;
    private final String administratorPassword;
    private final String ownerPassword = randomPassword();
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(PostgresKeeper keeper, String administratorPassword, int port) {
        this.keeper = keeper;
        this.administratorPassword = administratorPassword;
        this.port = port;
    }

    /**
     * Unpacks the binaries, creates a cluster, starts it and waits until it accepts connections: 2 to 5 seconds.
     *
     * @throws IllegalStateException if there are no binaries for this platform, or the server does not start; the
     *     message holds the last line of the server's log
     */
    public static PostgresServer start() {
        try {
            // Before unpacking, so that even a JVM killed meanwhile leaves no folder.
            return start(PostgresKeeper.start(Files.createTempDirectory("sluice-postgres-")));
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "PostgreSQL could not be started: " + failure.getClass().getSimpleName());
        }
    }

    private static PostgresServer start(PostgresKeeper keeper) throws IOException {
        try {
            String administratorPassword = randomPassword();
            keeper.send(administratorPassword);
            PostgresBinaries.unpack(keeper.folder());
            PostgresServer server = new PostgresServer(keeper, administratorPassword, keeper.startOnFreePort());
            // As in a managed database: it may create roles, and owns its databases.
            server.execute(
                    "postgres", "CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + server.ownerPassword + "'");
            return server;
        } catch (IOException | RuntimeException failure) {
            keeper.close();
            throw failure;
        }
    }

    /**
     * Creates an empty database that no one else uses.
     *
     * @return {@code postgresql://user:password@host:port/database}; the user owns the database, may create roles, and is
     *     not a superuser
     * @throws IllegalStateException if the server is closed or rejects it; the message holds the SQLSTATE
     */
    public String createDatabase() {
        return createDatabase("sluice_" + databases.incrementAndGet());
    }

    /**
     * Copies a database that has no connections: faster than filling a new one.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     * @return as there
     * @throws IllegalStateException as there
     */
    public String copyDatabase(String databaseUrl) {
        return createDatabase("sluice_" + databases.incrementAndGet(), " TEMPLATE " + database(databaseUrl));
    }

    String createDatabase(String name) {
        return createDatabase(name, "");
    }

    private String createDatabase(String name, String options) {
        execute("postgres", "CREATE DATABASE " + name + " OWNER " + OWNER + options);
        return url(OWNER, ownerPassword, name);
    }

    /**
     * The same database for the superuser, for what no owner may do: change server settings, end other sessions, read the
     * server's log, ignore privileges.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     */
    public String administratorUrl(String databaseUrl) {
        return url(ADMINISTRATOR, administratorPassword, database(databaseUrl));
    }

    /**
     * Lets a role log in with the owner's password; for tests, where only the role matters.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     * @param role an existing role
     * @return the same database for that role
     * @throws IllegalStateException as there
     */
    public synchronized String loginUrl(String databaseUrl, String role) {
        execute("postgres", "ALTER ROLE " + role + " LOGIN PASSWORD '" + ownerPassword + "'");
        return url(role, ownerPassword, database(databaseUrl));
    }

    /**
     * Creates a login with its own password.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     * @param name letters, digits and underscores; new to this server
     * @param group the role whose privileges it has
     * @return the same database for that login
     * @throws IllegalStateException as there
     */
    String createLogin(String databaseUrl, String name, String group) {
        String password = randomPassword();
        execute(database(databaseUrl), "CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "' IN ROLE " + group);
        return url(name, password, database(databaseUrl));
    }

    /**
     * The same database for {@link DriverManager}: {@code jdbc:postgresql://host:port/database?user=..&password=..}. Holds
     * the password: not to be printed.
     */
    public static String jdbcUrl(String databaseUrl) {
        URI url = URI.create(databaseUrl);
        String[] login = url.getUserInfo().split(":", 2);
        return "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath() + "?user=" + login[0]
                + "&password=" + login[1];
    }

    private void execute(String database, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(jdbcUrl(url(ADMINISTRATOR, administratorPassword, database)));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw new IllegalStateException("PostgreSQL rejected the statement, SQLSTATE " + refused.getSQLState());
        }
    }

    /**
     * Stops the server, for tests of an outage: sessions end, committed rows stay. {@link #resume} starts it again.
     *
     * @throws IllegalStateException if it does not stop
     */
    public synchronized void pause() {
        try {
            keeper.stopServer();
        } catch (IOException closed) {
            throw new IllegalStateException("PostgreSQL was closed");
        }
    }

    /**
     * Starts the stopped server on its port, and waits until it accepts connections.
     *
     * @throws IllegalStateException if it does not start
     */
    public synchronized void resume() {
        try {
            keeper.startServer(port);
        } catch (IOException closed) {
            throw new IllegalStateException("PostgreSQL was closed");
        }
    }

    /** Stops the server at once, with all connections, and deletes its files. Safe to call twice and from a hook. */
    @Override
    public void close() {
        keeper.close();
    }

    Path folder() {
        return keeper.folder();
    }

    private String url(String user, String password, String database) {
        return "postgresql://" + user + ":" + password + "@127.0.0.1:" + port + "/" + database;
    }

    /** 48 hexadecimal digits: they need no escaping in SQL, in URLs and in shells. */
    private static String randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String database(String databaseUrl) {
        return URI.create(databaseUrl).getPath().substring(1);
    }
}
