package dev.sluice;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PgBouncer in transaction mode in front of a test's server, with a pool so small and turned round so often that each
 * transaction meets another session. Ends with this JVM, however that ends, since its script waits for the end of a pipe.
 */
public final class PgBouncer implements AutoCloseable {

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    /** It refuses to run as root; Debian's package has made the user. */
    private static final String SCRIPT =
            """
            as=
            if [ "$(id -u)" = 0 ]; then
                chown -R postgres "$2" && as='setpriv --reuid=postgres --regid=postgres --clear-groups'
            fi
            $as "$1" -q "$2/pgbouncer.ini" >"$2/out" 2>&1 &
            read -r end
            kill "$!" && wait "$!"
            rm -rf "$2"
            """;

    private final Process script;
    private final int port;

    private PgBouncer(Process script, int port) {
        this.script = script;
        this.port = port;
    }

    /** The installed program. */
    public static Optional<Path> program() {
        return PROGRAMS.stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * Starts it and waits until it accepts connections.
     *
     * @param databaseUrl of the server, with a login; others that log in have the same password
     * @param sessions of PostgreSQL for each login and database
     */
    public static PgBouncer start(String databaseUrl, int sessions, String... otherLogins) {
        URI server = URI.create(databaseUrl);
        String[] login = server.getUserInfo().split(":", 2);
        try {
            Path folder = Files.createTempDirectory("sluice-pgbouncer-");
            Path logins = Files.write(
                    folder.resolve("logins"),
                    Stream.concat(Stream.of(login[0]), Stream.of(otherLogins))
                            .map(name -> "\"" + name + "\" \"" + login[1] + "\"")
                            .toList());
            int port = freePort();
            Files.writeString(folder.resolve("pgbouncer.ini"), settings(server, port, logins, sessions));
            Process script = new ProcessBuilder(
                            "sh",
                            "-c",
                            SCRIPT,
                            "pgbouncer",
                            program().orElseThrow().toString(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            awaitPort(port, folder);
            return new PgBouncer(script, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String settings(URI server, int port, Path logins, int sessions) {
        return """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                server_round_robin = 1
                max_client_conn = 1000
                logfile = %s
                """
                .formatted(server.getHost(), server.getPort(), port, logins, sessions, logins.resolveSibling("log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port, Path folder) {
        await("PgBouncer, whose log is in " + folder).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    /** The same database and login by way of it. */
    public String url(String databaseUrl) {
        URI url = URI.create(databaseUrl);
        return "postgresql://" + url.getRawUserInfo() + "@127.0.0.1:" + port + url.getRawPath();
    }

    @Override
    public void close() {
        try {
            script.getOutputStream().close();
            // The script closes its output when it ends.
            script.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
