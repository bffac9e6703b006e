package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cli.command.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo brings its own servers; of the environment it takes the pipeline only. */
class DemoCommandIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SIGTERM = 143;

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @Test
    void storesNinetyNineOfTheSampleAndQuarantinesOne() {
        Ran demo = playground.sluice("demo").succeeded();

        assertThat(demo.lastLine())
                .matches("received 100 = stored 99 \\+ duplicates 0 \\+ quarantined 1 \\+ released 0, in \\d+\\.\\d s");
        assertThat(demo.out())
                .contains("Table user_logins, 99 rows", "masked_ip", "varchar(256)", "missing", "user_id");
        assertThat(demo.out()).contains("Duplicates: equal values have equal tokens");
        assertThat(demo.out()).contains("demo_worker stores", "demo_analyst reads the table", "demo_recovery reads");
        assertThat(playground.query("SELECT to_regclass('user_logins')"))
                .as("the environment's database is left alone")
                .containsExactly("null");
    }

    @Test
    void endsStandardOutputWithTheBalanceAndMovesTheStoryToStandardErrorForMachines() {
        Path messages =
                playground.write("my.ndjson", String.join("\n", Events.sample().subList(0, 10)) + "\nnonsense\n");
        playground.set("SLUICE_PIPELINE", "user-logins-sha256");

        Ran demo = playground
                .sluice("demo", "--lines", "--messages", messages.toString(), "--output", "json")
                .succeeded();

        assertThat(demo.lastLine())
                .matches("\\{\"received\":11,\"stored\":10,\"duplicates\":0,\"quarantined\":1,\"released\":0,"
                        + "\"seconds\":\\d+\\.\\d+\\}");
        assertThat(demo.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(demo.err()).contains("Sent 11 messages.");
        assertThat(demo.out()).contains("a6d0e2f27f6111e10b06790db42f34123e724aa0fd24b280f4a0ef5ee986784c");
    }

    @Test
    void keepsBothServersAndTellsHowToConnectAsEachLoginWithoutShowingItsPassword() throws Exception {
        Process demo = playground.start("demo", "--keep");
        try {
            Path printed = playground.folder.resolve("out");
            await().atMost(PATIENCE)
                    .until(() -> !demo.isAlive() || Files.readString(printed).contains("quarantine list"));
            List<Path> files = new ArrayList<>();
            Map<String, String> environment = Map.of();
            for (String line : Files.readAllLines(printed)) {
                if (line.startsWith("  . ")) {
                    files.add(Path.of(line.strip().split(" +", -1)[1]));
                    environment = sourced(files.getLast());
                    assertThat(Files.readString(printed) + Files.readString(playground.folder.resolve("err")))
                            .doesNotContain(environment.getOrDefault("PGPASSWORD", ""));
                } else if (line.startsWith("  bin/sluice ")) {
                    String[] command = line.strip().split(" ", -1);
                    Ran ran = Playground.sluice(environment, Arrays.copyOfRange(command, 1, command.length));
                    assertThat(ran.exitCode()).as(line + ran.err()).isZero();
                }
            }
            assertThat(files).hasSize(3);
            assertShowsLiveEvents(Files.readString(printed));
            for (Path file : files) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }

            demo.destroy();
            assertThat(demo.waitFor()).isEqualTo(SIGTERM);
            assertThat(files).noneMatch(file -> Files.exists(file.getParent()));
        } finally {
            demo.destroyForcibly();
        }
    }

    /** The console answers the token that was printed, with figures that grow; the health port says ready. */
    private static void assertShowsLiveEvents(String printed) throws Exception {
        HttpRequest status = HttpRequest.newBuilder(URI.create(found(printed, "Console +(\\S+)") + "api/status"))
                .header("Authorization", "Bearer " + found(printed, "Token +(\\S+)"))
                .build();
        HttpRequest ready = HttpRequest.newBuilder(URI.create(found(printed, "Health +([^, ]+)")))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            client.send(status, BodyHandlers.ofString()).body())
                    .contains("\"pipeline\":\"user-logins\"")
                    .doesNotContain("\"stored\":0,\"duplicate\":0,\"quarantined\":0,\"released\":0},\"per_second\""));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            client.send(ready, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200));
        }
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    /** What the file sets, by a shell. */
    private static Map<String, String> sourced(Path file) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", ". " + file + " && env").start();
        try (BufferedReader lines = shell.inputReader(StandardCharsets.UTF_8)) {
            return lines.lines()
                    .filter(line -> line.matches("(AWS_|SLUICE_|PG).*=.*"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        }
    }

    @Test
    void refusesAFileThatIsNotThereBeforeItStartsAnything() {
        Ran demo = playground.sluice("demo", "--messages", "no-such-file");

        assertThat(demo.refused(ExitCode.USAGE)).contains("--messages: no-such-file: no such file");
        assertThat(demo.err()).doesNotContain("Starting");
    }

    @Test
    void refusesAnArrayThatBreaksOff() {
        Path messages = playground.write("broken.json", "[" + Events.BAD + ",\n{\"foo\": ");

        assertThat(playground.sluice("demo", "--messages", messages.toString()).refused(ExitCode.USAGE))
                .contains("the JSON value that begins on line 2 does not end");
    }

    @Test
    void shipsTheHundredMessagesOfTheSampleQueue() {
        List<String> sample = Events.sample();

        assertThat(sample).hasSize(100).containsOnlyOnce(Events.BAD);
    }
}
