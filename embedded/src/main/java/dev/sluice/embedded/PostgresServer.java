package dev.sluice.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresServer.class);

    /** A free port can be taken by another process before the server binds it; thrice in a row is no accident. */
    private static final int PORT_ATTEMPTS = 3;

    private static final String ADMINISTRATOR = "postgres";
    private static final String OWNER = "sluice";

    private static final String READY = "ready";
    private static final String READY_AS_ROOT = "ready as root";

    /** Longer than the script's own patience with a server that does not stop (10 s). */
    private static final long CLOSE_SECONDS = 20;

    private final Path folder;
    private final Process keeper;
    private final int port;
    private final String administratorPassword;
    private final String ownerPassword = Passwords.random();
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(Path folder, Process keeper, String administratorPassword, int port) {
        this.folder = folder;
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
            Path folder = Files.createTempDirectory("sluice-postgres-");
            // Before unpacking, so that even a JVM killed in the middle of that leaves no folder.
            return start(folder, keep(folder));
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "PostgreSQL could not be started: " + failure.getClass().getSimpleName());
        }
    }

    private static PostgresServer start(Path folder, Process keeper) throws IOException {
        try {
            String administratorPassword = Passwords.random();
            tell(keeper, administratorPassword);
            PostgresBinaries.unpack(folder);
            PostgresServer server =
                    new PostgresServer(folder, keeper, administratorPassword, startOnFreePort(folder, keeper));
            // As at a managed database: it may make roles, and owns what is made for it.
            server.execute(
                    "postgres", "CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + server.ownerPassword + "'");
            return server;
        } catch (IOException | RuntimeException failure) {
            release(keeper, folder);
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
        String password = Passwords.random();
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
        release(keeper, folder);
    }

    Path folder() {
        return folder;
    }

    private String url(String user, String password, String database) {
        return "postgresql://" + user + ":" + password + "@127.0.0.1:" + port + "/" + database;
    }

    private static String database(String databaseUrl) {
        return URI.create(databaseUrl).getPath().substring(1);
    }

    private static Process keep(Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", PostgresBinaries.script(), "sluice-postgres", folder.toString());
        // The rest is the caller's: credentials that programs of the server could read, libpq's variables that would
        // point
        // initdb elsewhere. Messages are read here in English.
        builder.environment().keySet().retainAll(Set.of("PATH"));
        builder.environment().put("LC_ALL", "C");
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static int startOnFreePort(Path folder, Process keeper) throws IOException {
        BufferedReader answers = keeper.inputReader(StandardCharsets.UTF_8);
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = freePort();
            tell(keeper, Integer.toString(port));
            String answer = answers.readLine();
            if (READY_AS_ROOT.equals(answer)) {
                LOGGER.warn(
                        "PostgreSQL keeps root's rights over files: its superuser can read and write what root can."
                                + " To give them up it needs setpriv (util-linux), and a temporary folder that other users reach");
            }
            if (READY.equals(answer) || READY_AS_ROOT.equals(answer)) {
                return port;
            }
        }
        throw new IllegalStateException("PostgreSQL could not be started: " + lastWords(folder));
    }

    private static void tell(Process keeper, String line) throws IOException {
        keeper.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keeper.getOutputStream().flush();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String lastWords(Path folder) throws IOException {
        StringBuilder words = new StringBuilder();
        for (Path log : new Path[] {folder.resolve("start.log"), folder.resolve("data/server.log")}) {
            if (Files.isReadable(log)) {
                Files.readAllLines(log).stream()
                        .filter(line -> !line.isBlank())
                        .reduce((first, last) -> last)
                        .ifPresent(line -> words.append(line.strip()).append(' '));
            }
        }
        return words.toString().strip();
    }

    private static void release(Process keeper, Path folder) {
        try {
            keeper.getOutputStream().close();
        } catch (IOException endedAlready) {
            LOGGER.debug("The keeper of PostgreSQL had ended before");
        }
        if (!waited(keeper)) {
            LOGGER.warn("PostgreSQL did not stop within {} s; its files are in {}", CLOSE_SECONDS, folder);
        }
    }

    /** Waits through an interrupt, which is kept for the caller: a half-stopped server would be worse than a wait. */
    private static boolean waited(Process keeper) {
        boolean interrupted = Thread.interrupted();
        try {
            return keeper.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
            return !keeper.isAlive();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
