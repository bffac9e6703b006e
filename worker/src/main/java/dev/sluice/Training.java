package dev.sluice;

import dev.sluice.cli.Sluice;
import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the JVM does while it records the class cache: ordinary commands, one after another, in one process. Started by {@code
 * bin/sluice} and by {@code deploy/container/assemble}; not a command of its own. See docs/adr/0021-class-cache.md.
 *
 * <p>It needs no network. Queue and database are ports of this machine where nothing listens, so the commands that need
 * them must report that they are unavailable.
 */
public final class Training {

    private static final String SAMPLE = "cli/login-queue.ndjson";

    /** How often the 100 messages of the sample are mapped, so that the JVM learns which branches are taken. */
    private static final int ROUNDS = 50;

    /** The discard service (RFC 863): reserved, and not run by anybody today. */
    private static final int CLOSED_PORT = 9;

    private final Map<String, String> environment;

    private Training(Path folder) {
        this.environment = Map.ofEntries(
                Map.entry("AWS_REGION", "us-east-1"),
                // Set, so that nobody asks the machine's metadata service for credentials.
                Map.entry("AWS_ACCESS_KEY_ID", "training"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "training"),
                Map.entry("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:" + CLOSED_PORT),
                Map.entry("PGHOST", "127.0.0.1"),
                Map.entry("PGPORT", Integer.toString(CLOSED_PORT)),
                Map.entry("PGUSER", "training"),
                Map.entry("PGDATABASE", "training"),
                Map.entry("SLUICE_KEYS", folder.resolve("training.keys.json").toString()),
                Map.entry("SLUICE_HEALTH_PORT", "off"),
                Map.entry("SLUICE_CONSOLE_PORT", "off"));
    }

    /**
     * @param args an empty folder for a keyset file; the caller removes it
     */
    public static void main(String[] args) throws IOException {
        Training training = new Training(Path.of(args[0]));
        training.run(Set.of(ExitCode.DONE), "keys", "create", "--allow-cleartext-keys");
        training.run(Set.of(ExitCode.DONE), "keys", "list");
        // One of the sample's messages is invalid.
        training.run(Set.of(ExitCode.DATA), "check", "-");
        training.run(Set.of(ExitCode.UNAVAILABLE), "doctor");
        training.run(Set.of(ExitCode.UNAVAILABLE), "show");
        training.run(Set.of(ExitCode.UNAVAILABLE), "run", "--until-empty");
        training.run(Set.of(ExitCode.DONE), "--help");
        // Libraries leave threads behind.
        System.exit(0);
    }

    private void run(Set<Integer> expected, String... command) throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(sample()),
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                environment,
                false);
        int exitCode = Sluice.run(console, command);
        if (!expected.contains(exitCode)) {
            System.err.println(errors.toString(StandardCharsets.UTF_8));
            System.err.println("training: " + String.join(" ", command) + " ended with " + exitCode);
            System.exit(1);
        }
    }

    private static byte[] sample() throws IOException {
        try (InputStream sample = Objects.requireNonNull(Training.class.getResourceAsStream(SAMPLE))) {
            return new String(sample.readAllBytes(), StandardCharsets.UTF_8)
                    .repeat(ROUNDS)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
