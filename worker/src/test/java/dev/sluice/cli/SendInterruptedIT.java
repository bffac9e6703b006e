package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes, since a signal ends them. */
class SendInterruptedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGINT = 130;
    private static final int MANY = 200_000;

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
    }

    @Test
    void aFileIsSentUpToALineThatItReports() throws IOException, InterruptedException {
        Path file = playground.write("many", numbers(MANY));
        Process send = playground.start("send", file.toString());
        await().atMost(PATIENCE).until(() -> playground.depth().visible() > 0);

        interrupt(send);
        Ran ended = playground.ended(send);

        long sent = playground.depth().visible();
        assertThat(ended.out()).isEqualTo("Sent " + sent + " messages to " + playground.queue + ".\n");
        assertThat(ended.refused(SIGINT)).contains("interrupted. Continue with --from-line " + (sent + 1) + ".");
    }

    /** It cannot be read any further. */
    @Test
    void standardInputThatIsSilentEndsAtOnce() throws IOException, InterruptedException {
        Process send = playground.start("send", "-", "--output", "json");
        OutputStream input = send.getOutputStream();
        input.write(numbers(100).getBytes(UTF_8));
        input.flush();
        await().atMost(PATIENCE).until(() -> playground.depth().visible() == 80);

        interrupt(send);
        Ran ended = playground.ended(send);

        // How much it had read by then, and whether the next line, nobody can see from outside.
        long sent = playground.depth().visible();
        assertThat(sent).isBetween(80L, 100L);
        assertThat(ended.out())
                .matches("\\{\"sent\":%d,\"refused\":0,\"next_line\":(%d|null)}\n".formatted(sent, sent + 1));
        assertThat(ended.refused(SIGINT))
                .containsPattern(
                        "interrupted\\. (Continue with --from-line %d|The last message sent begins on line %d)\\."
                                .formatted(sent + 1, sent));
    }

    private static String numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> number + "\n").collect(Collectors.joining());
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }
}
