package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.http.Wire;
import dev.sluice.http.Wire.Reply;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ports of a worker that runs as a process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortsIT {

    private static final Pattern LISTENS = Pattern.compile("The health port listens on 127\\.0\\.0\\.1:(\\d+)\\.");

    private Playground playground;
    private Process worker;
    private int port;

    @BeforeAll
    void startWorker(@TempDir Path folder) throws IOException {
        playground = Playground.ready(folder).set("SLUICE_HEALTH_PORT", "0");
        ServerSocket taken = takeDefaultConsolePort();
        try {
            playground.unset("SLUICE_CONSOLE_PORT");
            worker = playground.start("run");
            port = await().atMost(Duration.ofMinutes(1)).until(this::healthPort, number -> number > 0);
            await().until(() -> log().contains("The console port 8080 is taken"));
        } finally {
            taken.close();
        }
        playground.set("SLUICE_CONSOLE_PORT", "off");
    }

    /** Whoever has it, it is taken. */
    private static ServerSocket takeDefaultConsolePort() throws IOException {
        try {
            return new ServerSocket(8080, 1, InetAddress.getLoopbackAddress());
        } catch (BindException taken) {
            return new ServerSocket();
        }
    }

    private int healthPort() throws IOException {
        Matcher listens = LISTENS.matcher(log());
        return listens.find() ? Integer.parseInt(listens.group(1)) : 0;
    }

    private String log() throws IOException {
        return Files.readString(playground.folder.resolve("err"));
    }

    @AfterAll
    void stopWorker() {
        worker.destroyForcibly();
    }

    @Test
    void sayThatTheWorkerIsHealthy() throws IOException {
        assertThat(Wire.get(port, "/startupz").body()).startsWith("ok   start: ");
        assertThat(Wire.get(port, "/livez").body()).startsWith("ok   poll loop: ");
        await().until(() -> Wire.get(port, "/readyz").status() == 200);
        assertThat(Wire.get(port, "/readyz").body().lines())
                .hasSize(4)
                .allMatch(line -> line.matches("ok   (queue|database|circuit|shutdown): .*"));
    }

    @Test
    void showMetricsAndStatus() throws IOException {
        Reply metrics = Wire.get(port, "/metrics");
        Reply status = Wire.get(port, "/status");

        assertThat(metrics.header("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body()).contains("# TYPE sluice_records_total counter");
        assertThat(status.header("content-type")).isEqualTo("application/json");
        assertThat(status.body()).startsWith("{\"version\":").contains("\"pipeline\":\"user-logins\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/startupz", "/metrics", "/status"})
    void readOnly(String path) throws IOException {
        assertThat(Wire.post(port, path, "{}").status()).isEqualTo(405);
        assertThat(Wire.get(port, path, "Host: evil.example").status()).isEqualTo(421);
        assertThat(Wire.get(port, path, "X-Long: " + "x".repeat(20_000)).status())
                .isEqualTo(431);
        assertThat(Wire.get(port, path).header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void areAskedBySluiceHealth() {
        String number = Integer.toString(port);

        assertThat(playground.sluice("health", "--port", number).succeeded().out())
                .startsWith("ok   poll loop");
        await().untilAsserted(() -> assertThat(playground
                        .sluice("health", "--ready", "--port", number)
                        .succeeded()
                        .out())
                .contains("ok   database"));
        playground.sluice("health").refused(ExitCode.USAGE);
        assertThat(playground.sluice("health", "--port", "1").refused(ExitCode.UNAVAILABLE))
                .contains("no worker answers on the health port");
    }

    @Test
    void areReadBySluiceStatusAndTop() {
        String number = Integer.toString(port);

        assertThat(playground
                        .sluice("status", "--health-port", number)
                        .succeeded()
                        .lines())
                .anyMatch(line -> line.startsWith("pipeline      user-logins  " + playground.queue + " -> "))
                .anyMatch(line -> line.startsWith("state         "));
        assertThat(playground
                        .sluice("top", "--count", "1", "--health-port", number)
                        .succeeded()
                        .out())
                .contains("  127.0.0.1:" + number + "  ", ", quarantined 0");
    }

    @ParameterizedTest
    @CsvSource({"--health-port, SLUICE_HEALTH_PORT", "--console-port, SLUICE_CONSOLE_PORT"})
    void aPortThatWasAskedForAndIsTakenEndsTheStart(String flag, String variable) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(playground
                            .sluice("run", "--for", "1s", flag, Integer.toString(taken.getLocalPort()))
                            .refused(ExitCode.CONFIG))
                    .contains(flag, "cannot be opened");
        }
    }

    @Test
    void aDefaultPortThatIsTakenDoesNotDisturbARunThatEndsByItself(@TempDir Path folder) throws IOException {
        Playground other = Playground.ready(folder).unset("SLUICE_CONSOLE_PORT");
        ServerSocket taken = takeDefaultConsolePort();
        try {
            assertThat(other.sluice("run", "--max-batches", "1", "--for", "1s")
                            .succeeded()
                            .err())
                    .doesNotContain("console port");
        } finally {
            taken.close();
        }
    }

    @Test
    void theConsoleIsRefusedToOtherMachinesWithoutTokens() throws IOException {
        assertThat(playground
                        .sluice("run", "--for", "1s", "--console-port", "0", "--console-address", "0.0.0.0")
                        .refused(ExitCode.CONFIG))
                .contains("console.tokens-file");

        Path tokens = playground.write("tokens", AccessToken.line("ada", Role.VIEWER, AccessToken.generate()));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(playground
                        .sluice("run", "--for", "1s", "--console-port", "0", "--console-tokens-file", tokens.toString())
                        .refused(ExitCode.CONFIG))
                .contains("chmod 600");
    }

    @Test
    void tokensAreMadeForTheFile() throws IOException {
        List<String> lines = playground
                .sluice("console", "token", "ada", "--role", "operator")
                .succeeded()
                .lines();

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).matches("token: sluice_[A-Za-z0-9_-]{43}");
        assertThat(lines.getLast())
                .isEqualTo("line:  "
                        + AccessToken.line(
                                "ada", Role.OPERATOR, lines.getFirst().substring("token: ".length())));
        playground.sluice("console", "token", "a b").refused(ExitCode.USAGE);
        playground.sluice("console", "token", "ada", "--role", "admin").refused(ExitCode.USAGE);
    }

    @Test
    void stuckConnectionsDelayNoDrain(@TempDir Path folder) throws Exception {
        Playground other = Playground.ready(folder).set("SLUICE_HEALTH_PORT", "0");
        Process run = other.start("run", "--log-level", "info");
        Matcher listens = await().atMost(Duration.ofMinutes(1))
                .until(() -> LISTENS.matcher(Files.readString(other.folder.resolve("err"))), Matcher::find);
        int number = Integer.parseInt(listens.group(1));
        await().until(() -> Wire.get(number, "/livez").body().contains("the slowest consumer"));
        try (Socket silent = Wire.connect(number);
                Socket slow = Wire.connect(number)) {
            Wire.send(slow, "GET /livez HTTP/1.1\r\nHost: ");

            run.destroy();

            Ran ended = other.ended(run);
            assertThat(ended.exitCode()).isEqualTo(ExitCode.DONE);
            assertThat(Wire.isClosed(silent)).isTrue();
        }
    }
}
