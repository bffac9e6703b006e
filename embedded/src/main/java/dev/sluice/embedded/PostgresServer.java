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
 * A PostgreSQL server of its own on a free loopback port, as root too. All its files, the unpacked binaries included, lie
 * in one temporary folder. One server per JVM and one {@link #createDatabase database} per test is the intended use.
 * Safe for use by several threads.
 *
 * <p>The server runs under a small shell script that lives as long as the pipe to this JVM. So it needs no shutdown
 * hook, serves until the very end of an orderly drain, and is gone, files too, when the JVM was killed.
 *
 * <p>Limit: durability against a crash of the machine is switched off; committed rows survive the death of the server's
 * processes only.
 *
 * <p>Security: other users of this machine reach the port and need a password, which is random and never stands in a
 * command line. The owner of the databases is no superuser. Run by root, the server gives up root's rights over files; a
 * warning says where it cannot.
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
     * @throws IllegalStateException when there are no binaries for this platform, or the server does not start; the
     *     message holds what the server said
     */
    public static PostgresServer start() {
        try {
            // Before unpacking, so that even a JVM killed in the middle of that leaves no folder.
            return start(PostgresKeeper.start(Files.createTempDirectory("sluice-postgres-")));
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "PostgreSQL could not be started: " + failure.getClass().getSimpleName());
        }
    }

    private static PostgresServer start(PostgresKeeper keeper) throws IOException {
        try {
            String administratorPassword = randomPassword();
            keeper.tell(administratorPassword);
            PostgresBinaries.unpack(keeper.folder());
            PostgresServer server = new PostgresServer(keeper, administratorPassword, keeper.startOnFreePort());
            // As at a managed database: it may make roles, and owns what is made for it.
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
     *     no superuser
     * @throws IllegalStateException when the server is closed or refuses; the message holds the SQLSTATE
     */
    public String createDatabase() {
        return createDatabase("sluice_" + databases.incrementAndGet());
    }

    /**
     * Creates a copy of a database to which nobody is connected: quicker than to fill one anew.
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
     * The same database for the superuser, for what no owner may do: change settings of the server, end sessions of others,
     * read the server's log, look past the rights of roles.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     */
    public String administratorUrl(String databaseUrl) {
        return url(ADMINISTRATOR, administratorPassword, database(databaseUrl));
    }

    /**
     * Lets a role log in with the owner's password, for tests: there it is the role that matters.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     * @param role exists
     * @return the same database for that role
     * @throws IllegalStateException as there
     */
    public synchronized String loginUrl(String databaseUrl, String role) {
        execute("postgres", "ALTER ROLE " + role + " LOGIN PASSWORD '" + ownerPassword + "'");
        return url(role, ownerPassword, database(databaseUrl));
    }

    /**
     * Makes a login with a password of its own.
     *
     * @param databaseUrl as {@link #createDatabase()} gave it
     * @param name letters, digits and underscores; new to this server
     * @param group the role whose rights it has
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
            throw new IllegalStateException("PostgreSQL refused, SQLSTATE " + refused.getSQLState());
        }
    }

    /** Stops the server at once, open connections included, and removes its files. Safe to call twice and from a hook. */
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
