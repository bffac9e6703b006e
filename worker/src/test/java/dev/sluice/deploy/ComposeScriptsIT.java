package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.config.TestSettings;
import dev.sluice.embedded.SqsServer;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that docker-compose.yml mounts, run here as they run there. */
class ComposeScriptsIT {

    private final Path folder;

    ComposeScriptsIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void secretsAreRandomReadableByTheirReaderOnlyAndStayTheSame() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("only root can give files away")
                .isEqualTo("root");

        run(List.of("sh", script("secrets.sh"), folder.toString()));
        String password = Files.readString(folder.resolve("65532/database-worker"));
        String owner = Files.readString(folder.resolve("65532/database-owner"));
        run(List.of("sh", script("secrets.sh"), folder.toString()));

        assertThat(password).matches("[0-9a-f]{40}\n").isNotEqualTo(owner);
        assertThat(folder.resolve("65532/database-worker")).hasContent(password.strip());
        assertThat(folder.resolve("70/database-worker")).hasContent(password.strip());
        for (String file : List.of("65532/console-tokens", "70/database-owner", "472/grafana-admin")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("r--------");
            assertThat(Files.getAttribute(folder.resolve(file), "unix:uid")).hasToString(file.split("/", -1)[0]);
        }
        assertThat(Files.readString(folder.resolve("65532/console-tokens"))).matches("admin operator [0-9a-f]{64}\n");
    }

    @Test
    void theSenderFillsTheQueue() throws Exception {
        assumeThat(Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "wget"))))
                .as("wget is installed")
                .isTrue();
        try (SqsServer server = SqsServer.start();
                QueueClient queue = Queues.client(
                        TestSettings.queue("login-queue", server.endpoint()),
                        Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test"))) {
            queue.createQueue("login-queue");

            run(List.of("sh", script("sender.sh"), server.endpoint().toString(), "login-queue", "25", "0"));

            // Every 10th is sent twice.
            AtomicInteger count = new AtomicInteger();
            queue.peek(30, List.of(), messages -> count.addAndGet(messages.size()));
            assertThat(count).hasValue(27);
        }
    }

    private static String script(String name) {
        return DeployFile.ROOT.resolve("deploy/compose").resolve(name).toString();
    }

    private void run(List<String> command) throws Exception {
        Path errors = folder.resolveSibling(folder.getFileName() + ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(errors).isEmptyFile();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(errors);
        }
    }
}
