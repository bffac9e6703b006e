package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.config.SettingsReader;
import dev.sluice.sqs.QueueClient;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the JVM does while it records the class cache: ordinary commands, one after another, in one process. Started by {@code
 * bin/sluice} and by {@code deploy/container/assemble}; not a command of its own. See docs/adr/0021-class-cache.md.
 *
 * <p>It reaches nothing outside this machine. Where the embedded servers exist, they run in a process of their own, and the
 * commands do their work. Else queue and database are ports where nothing listens, and the commands that need them must
 * report that they are unavailable: most classes are loaded by then.
 */
public final class Training {

    private static final String SAMPLE = "login-queue.ndjson";

    /** How often the 100 messages of the sample are sent: the JVM also records which methods are hot. */
    private static final int ROUNDS = 10;

    /** The discard service (RFC 863): reserved, and not run by anybody today. */
    private static final int CLOSED_PORT = 9;

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AWS_REGION", "us-east-1",
            // Set, so that nobody asks the machine's metadata service for credentials.
            "AWS_ACCESS_KEY_ID", "training",
            "AWS_SECRET_ACCESS_KEY", "training",
            "AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:" + CLOSED_PORT,
            "SLUICE_DATABASE_URL", "postgresql://training@127.0.0.1:" + CLOSED_PORT + "/training",
            "SLUICE_HEALTH_PORT", "off",
            "SLUICE_CONSOLE_PORT", "off"));

    /** How commands end that need queue or database. */
    private int usual = ExitCode.UNAVAILABLE;

    private Training(Path folder) {
        environment.put("SLUICE_KEYS", folder.resolve("training.keys.json").toString());
    }

    /**
     * @param args an empty folder for a keyset file, which the caller removes; and the jar of the embedded servers, if it
     *     exists. That jar must not be on the class path: the cache is for commands that do not have it
     */
    public static void main(String[] args) throws IOException {
        Training training = new Training(Path.of(args[0]));
        Optional<Process> servers = args.length < 2 ? Optional.empty() : Optional.of(startServers(args[1]));
        if (servers.isPresent()) {
            training.use(servers.get());
        }
        training.runCommands();
        if (servers.isPresent()) {
            servers.get().getOutputStream().close();
        }
        // Libraries leave threads behind.
        System.exit(ExitCode.DONE);
    }

    private void runCommands() throws IOException {
        run(ExitCode.DONE, "keys", "create", "--allow-cleartext-keys");
        run(ExitCode.DONE, "keys", "list");
        run(usual, "migrate");
        run(usual, "send", "-");
        run(usual, "run", "--until-empty");
        for (String command : List.of("doctor", "show", "queues", "duplicates")) {
            run(usual, command);
        }
        run(usual, "quarantine", "list");
        // One of the sample's messages is invalid.
        run(ExitCode.DATA, "check", "-");
        run(ExitCode.DONE, "--help");
    }

    private static Process startServers(String jar) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        jar,
                        "dev.sluice.embedded.SandboxProcess")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Where they do not start, as PostgreSQL does not on every machine, the closed ports stay. */
    private void use(Process servers) throws IOException {
        BufferedReader lines = servers.inputReader(StandardCharsets.UTF_8);
        String endpoint = lines.readLine();
        String database = lines.readLine();
        if (endpoint == null || database == null) {
            return;
        }
        environment.put("AWS_ENDPOINT_URL_SQS", endpoint);
        environment.put("SLUICE_DATABASE_URL", database);
        usual = ExitCode.DONE;
        Assembly assembly = new Assembly(SettingsReader.read(Map.of(), null, environment));
        try (QueueClient queue = assembly.queueClient()) {
            queue.createQueue(assembly.queue());
        }
    }

    private void run(int expected, String... command) throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(sample()),
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                environment,
                false);
        int exitCode = Sluice.run(console, command);
        if (exitCode != expected) {
            PrintStream log = Console.system().err();
            log.println(errors.toString(StandardCharsets.UTF_8));
            log.println("training: " + String.join(" ", command) + " ended with " + exitCode);
            System.exit(ExitCode.UNEXPECTED);
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
