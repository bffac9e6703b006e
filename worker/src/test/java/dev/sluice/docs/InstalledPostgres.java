package dev.sluice.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server of a PostgreSQL that is installed with all its programs; the embedded one comes without {@code pg_dump}. It
 * ends with this JVM, however that ends, since its script waits for the end of a pipe.
 */
final class InstalledPostgres implements AutoCloseable {

    /** Where Debian and its descendants have it, one folder per major version. */
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    /** Root cannot run the server; Debian's package has made the user. No socket, and nothing waits for the disk. */
    private static final String SCRIPT =
            """
            cd "$1" && as= && mkdir data
            if [ "$(id -u)" = 0 ]; then
                as='setpriv --reuid=postgres --regid=postgres --clear-groups'
                chgrp postgres . && chmod 710 . && chown postgres:postgres data
            fi
            read -r password
            (umask 077 && printf '%s' "$password" >data.password)
            [ -z "$as" ] || chown postgres data.password
            $as "$2/initdb" -D data -U postgres -A scram-sha-256 --pwfile=data.password -E UTF8 --locale=C --no-sync \\
                >log 2>&1 && $as "$2/pg_ctl" -D data -l data/server.log -w -o \\
                "-p $3 -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >>log 2>&1 && echo ready
            read -r end
            $as "$2/pg_ctl" -D data -m immediate -w stop >>log 2>&1
            cd / && rm -rf "$1"
            """;

    private final Process script;
    private final int port;
    private final String password;

    private InstalledPostgres(Process script, int port, String password) {
        this.script = script;
        this.port = port;
        this.password = password;
    }

    /** The newest version that has all the programs. */
    static Optional<Path> programs() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Stream.of("initdb", "pg_dump", "pg_restore", "psql")
                            .allMatch(program -> Files.isExecutable(bin.resolve(program))))
                    .max(Comparator.comparingInt(InstalledPostgres::major));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static int major(Path bin) {
        return Integer.parseInt(bin.getName(bin.getNameCount() - 2).toString().replaceFirst("\\D.*", ""));
    }

    static InstalledPostgres start(Path programs) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "sluice-installed-postgres-");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "sh", "-c", SCRIPT, "postgres", folder.toString(), programs.toString(), Integer.toString(port)));
        Process script = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        script.getOutputStream().write((password + "\n").getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
        BufferedReader answers = script.inputReader(StandardCharsets.UTF_8);
        @Nullable String answer = answers.readLine();
        if (!"ready".equals(answer)) {
            throw new IllegalStateException("PostgreSQL could not be started; its log is in " + folder);
        }
        return new InstalledPostgres(script, port, password);
    }

    int port() {
        return port;
    }

    String password() {
        return password;
    }

    /** That database for the superuser, who needs no grants. */
    String url(String database) {
        return "postgresql://postgres:" + password + "@127.0.0.1:" + port + "/" + database;
    }

    @Override
    public void close() throws IOException {
        script.getOutputStream().close();
        // The script closes its output when it ends.
        script.getInputStream().readAllBytes();
    }
}
