package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.config.TestSettings;
import dev.sluice.sandbox.Sandbox;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the Dockerfile assembles, assembled and run here: the runtime that jlink cuts must have every module that a run
 * loads, and the JVM must accept the cache that the training run made.
 */
@Tag("chaos") // a minute of two cores; the public workflow builds the image itself
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ImageRuntimeIT {

    private final Path folder;

    ImageRuntimeIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void whatTheDockerfileAssemblesMigratesAndRuns() throws Exception {
        // The options of the image and its cache are those of a JDK 25.
        assumeThat(Runtime.version().feature()).as("this JDK is 25 or later").isGreaterThanOrEqualTo(25);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path home = folder.resolve("sluice");
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        Path target = DeployFile.ROOT.resolve("worker/target");
        run(List.of(assemble(), target.toString(), home.toString()), environment);

        try (Sandbox sandbox = ServiceLoader.load(Sandbox.Provider.class)
                        .iterator()
                        .next()
                        .start();
                QueueClient queue =
                        Queues.client(TestSettings.queue("login-queue", sandbox.sqsEndpoint()), credentials(sandbox))) {
            queue.createQueue("login-queue");
            queue.send(
                    Stream.of(
                                    "{\"user_id\":\"u\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"192.0.2.1\","
                                            + "\"locale\":null,\"device_id\":\"d\"}",
                                    "{\"foo\":\"not a login\"}")
                            .iterator(),
                    null,
                    sent -> {});

            sluice(home, sandbox, "keys", "create", "--allow-cleartext-keys");
            sluice(home, sandbox, "migrate");
            assertThat(sluice(home, sandbox, "run", "--until-empty"))
                    .contains("received 2 = stored 1 + duplicates 0 + quarantined 1 + released 0");
        }
    }

    private static String assemble() {
        return DeployFile.ROOT.resolve("deploy/container/assemble").toString();
    }

    /** AOTMode=on ends the start if the cache does not fit. */
    private String sluice(Path home, Sandbox sandbox, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("java/bin/java").toString(),
                "@" + home.resolve("java.options"),
                "-XX:AOTMode=on",
                "dev.sluice.Main"));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(credentials(sandbox));
        environment.put("SLUICE_DATABASE_URL", sandbox.databaseUrl());
        environment.put("SLUICE_KEYS", folder.resolve("keys.json").toString());
        environment.put("SLUICE_HEALTH_PORT", "off");
        environment.put("SLUICE_CONSOLE_PORT", "off");
        return run(command, environment);
    }

    private static Map<String, String> credentials(Sandbox sandbox) {
        return Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_ENDPOINT_URL_SQS", sandbox.sqsEndpoint().toString());
    }

    /** Standard output, once the command has ended with 0. */
    private String run(List<String> command, Map<String, String> environment) throws Exception {
        Path errors = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(SLUICE|AWS|PG|JDK_JAVA).*"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("%s%n%s%s", command, output, Files.readString(errors))
                    .isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
