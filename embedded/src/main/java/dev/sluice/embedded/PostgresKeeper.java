package dev.sluice.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that runs {@code serve-postgres.sh}, and the pipe to it; the script documents the protocol. Used by the
 * thread that starts the server, then closed by any thread.
 */
final class PostgresKeeper implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresKeeper.class);

    /** Another process can take a free port before the server binds it, but hardly three times in a row. */
    private static final int PORT_ATTEMPTS = 3;

    /** Longer than the script waits for the server to stop (10 s). */
    private static final long CLOSE_SECONDS = 20;

    private static final String READY = "ready";
    private static final String READY_AS_ROOT = "ready as root";
    private static final String STOPPED = "stopped";

    private final Path folder;
    private final Process process;
    private final BufferedReader answers;

    private PostgresKeeper(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts the script, which deletes the folder when it ends. */
    static PostgresKeeper start(Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", PostgresBinaries.script(), "sluice-postgres", folder.toString());
        // Only PATH: other variables may hold credentials that the server's programs could read, or, like libpq's,
        // redirect
        // initdb. LC_ALL keeps the messages in English.
        builder.environment().keySet().retainAll(Set.of("PATH"));
        builder.environment().put("LC_ALL", "C");
        return new PostgresKeeper(
                folder, builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    Path folder() {
        return folder;
    }

    /** Writes one line to the script. */
    void send(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * Waits until the server accepts connections.
     *
     * @return its port
     * @throws IllegalStateException if it does not start; the message holds the last line of its log
     */
    int startOnFreePort() throws IOException {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = freePort();
            send(Integer.toString(port));
            String answer = answers.readLine();
            if (READY_AS_ROOT.equals(answer)) {
                LOGGER.warn(
                        "PostgreSQL keeps root's file permissions: its superuser can read and write every file of root."
                                + " To drop them it needs setpriv (util-linux) and a temporary folder that other users can access");
            }
            if (READY.equals(answer) || READY_AS_ROOT.equals(answer)) {
                return port;
            }
        }
        throw new IllegalStateException("PostgreSQL could not be started: " + lastLogLines());
    }

    /**
     * Stops the server and keeps its files.
     *
     * @throws IllegalStateException if it does not stop; the message holds the last line of its log
     */
    void stopServer() throws IOException {
        send("stop");
        require(STOPPED.equals(answers.readLine()), "stopped");
    }

    /** Starts a stopped server on the port that it had. Throws as {@link #stopServer}. */
    void startServer(int port) throws IOException {
        send(Integer.toString(port));
        String answer = answers.readLine();
        require(READY.equals(answer) || READY_AS_ROOT.equals(answer), "started");
    }

    private void require(boolean done, String what) throws IOException {
        if (!done) {
            throw new IllegalStateException("PostgreSQL could not be " + what + ": " + lastLogLines());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String lastLogLines() throws IOException {
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

    /** Closes the input, waits for the script to end, and warns if it does not. Safe to call twice. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException endedAlready) {
            LOGGER.debug("The PostgreSQL script had already ended");
        }
        if (!waited()) {
            LOGGER.warn("PostgreSQL did not stop within {} s; its files are in {}", CLOSE_SECONDS, folder);
        }
    }

    /** Waits through an interrupt and restores it: a half-stopped server would be worse than a wait. */
    private boolean waited() {
        boolean interrupted = Thread.interrupted();
        try {
            return process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
            return !process.isAlive();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
