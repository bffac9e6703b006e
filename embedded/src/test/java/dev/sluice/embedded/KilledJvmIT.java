package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The one end that no code of the dying JVM can tidy up after. */
class KilledJvmIT {

    @Test
    void leavesNeitherServerNorFilesWhenJvmIsKilled() throws IOException {
        Process jvm = ServeUntilKilled.process()
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path folder = Path.of(jvm.inputReader(StandardCharsets.UTF_8).readLine());
        ProcessHandle server = server(folder);
        assertThat(server.isAlive()).isTrue();

        jvm.destroyForcibly();

        await().atMost(Duration.ofSeconds(30)).until(() -> !server.isAlive() && Files.notExists(folder));
    }

    /** The first line of postmaster.pid is the server's process id. */
    private static ProcessHandle server(Path folder) throws IOException {
        String pid = Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }
}
