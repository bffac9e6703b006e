package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.sandbox.Sandbox;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import dev.sluice.sqs.SqsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's commands as they stand there, as processes of their own, from the repository's root. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadmeCommandsIT {

    private static final Document README = Document.read("README.md");

    private final Path folder;
    private final Path temporary;

    ReadmeCommandsIT(@TempDir Path folder) {
        this.folder = folder;
        this.temporary = folder.resolve("tmp");
    }

    /** PostgreSQL runs as another account where root has no namespaces: it must be able to pass. */
    @BeforeEach
    void prepareFolders() throws IOException {
        Files.createDirectory(temporary);
        for (Path passed : List.of(folder, temporary)) {
            Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Path mvn = Files.writeString(
                folder.resolve("mvn"), "#!/bin/sh\necho 'the jars are older than the sources' >&2\nexit 1\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatIsToBeTriedWorksAndLeavesNothing() throws Exception {
        List<String> commands = commands("## Try it");

        assertThat(commands).contains("bin/sluice demo");
        for (String command : commands) {
            String output = run(command, Map.of());
            assertThat(lastLine(output))
                    .as(command)
                    .containsPattern(
                            command.contains("--output json")
                                    ? "^\\{\"received\":100,\"stored\":99,\"duplicates\":0,\"quarantined\":1,\"released\":0,"
                                    : "^received (100 = stored 99|13 = stored 11) \\+ duplicates 0 \\+ quarantined [12]");
            assertNothingIsLeft(command);
        }
    }

    @Test
    void theFiveMinutesWorkOnAnotherQueueAndDatabase() throws Exception {
        try (Sandbox sandbox =
                ServiceLoader.load(Sandbox.Provider.class).iterator().next().start()) {
            Map<String, String> environment = environment(sandbox);
            fill(sandbox, environment);
            for (String command : commands("## Five minutes with your own queue")) {
                String output = run(command, environment);
                if (command.contains("run --until-empty")) {
                    assertThat(lastLine(output)).startsWith("received 2 = stored 1 + duplicates 0 + quarantined 1");
                }
            }
        }
    }

    @Test
    void theBuildServerCallsTheCommandThatTheReadmeNames() throws IOException {
        assertThat(README.lines()).contains("    mvn verify");
        assertThat(Files.readAllLines(Document.root().resolve(".ci/run"))).contains("exec mvn verify");
    }

    /** Every line of the runnable blocks; the settings are replaced by the test's own. */
    private static List<String> commands(String heading) {
        return README.section(heading).blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("export "))
                .toList();
    }

    private Map<String, String> environment(Sandbox sandbox) {
        return Map.of(
                "AWS_ENDPOINT_URL_SQS",
                sandbox.sqsEndpoint().toString(),
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "SLUICE_QUEUE",
                sandbox.sqsEndpoint() + "/000000000000/login-queue",
                "SLUICE_DATABASE_URL",
                sandbox.databaseUrl(),
                "SLUICE_KEYS",
                folder.resolve("sluice.keys.json").toString());
    }

    private static void fill(Sandbox sandbox, Map<String, String> environment) {
        SqsSettings settings = SqsSettings.of("login-queue").withEndpoint(sandbox.sqsEndpoint());
        try (QueueClient queue = Queues.client(settings, environment)) {
            queue.createQueue("login-queue");
            String login =
                    """
                    {"user_id":"u","app_version":"2.3.0","device_type":"ios","ip":"192.0.2.1","locale":null,"device_id":"d"}""";
            queue.send(List.of(login, "{\"foo\":\"oops_wrong_msg_type\"}").iterator(), null, sent -> {});
        }
    }

    /** Standard output, after the command has ended with 0. */
    private String run(String command, Map<String, String> environment) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(Document.root().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.matches("(SLUICE|AWS|PG).*"));
        variables.putAll(new HashMap<>(environment));
        variables.put("PATH", folder + ":" + variables.get("PATH"));
        variables.put("SLUICE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Process process = builder.start();
        assertThatCode(() -> process.waitFor(2, TimeUnit.MINUTES)).doesNotThrowAnyException();
        String told = Files.readString(err);
        assertThat(told)
                .as("bin/sluice found jars older than the sources; run mvn clean verify")
                .doesNotContain("sluice: building", "cannot be rebuilt");
        assertThat(process.exitValue()).as("%s%n%s", command, told).isZero();
        return Files.readString(out);
    }

    private void assertNothingIsLeft(String command) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).as("files left by %s", command).isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().command().orElse(""))
                        .filter(program -> program.startsWith(temporary.toString())))
                .as("processes left by %s", command)
                .isEmpty();
    }

    private static String lastLine(String output) {
        return output.lines().reduce("", (earlier, later) -> later);
    }
}
