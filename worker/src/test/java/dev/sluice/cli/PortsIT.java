package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.embedded.PostgresServer;
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
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
            port = healthPort(playground);
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

    /** Waits until the playground's process has opened it. */
    private static int healthPort(Playground playground) {
        Matcher listens = await().atMost(PATIENCE)
                .until(() -> LISTENS.matcher(Files.readString(playground.folder.resolve("err"))), Matcher::find);
        return Integer.parseInt(listens.group(1));
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

    /** The queue first, then a server of PostgreSQL that is really stopped. */
    @Test
    void sayWhichOfQueueAndDatabaseIsStoppedAndRecover(@TempDir Path folder) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        try (PostgresServer postgres = PostgresServer.start();
                StoppableSqs sqs = new StoppableSqs(stopped)) {
            Playground other = Playground.empty(folder)
                    .set("SLUICE_DATABASE_URL", postgres.createDatabase())
                    .set("AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString())
                    .set("SLUICE_HEALTH_PORT", "0");
            other.createQueue();
            other.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
            other.sluice("migrate").succeeded();
            Process run = other.start("run");
            try {
                int number = healthPort(other);
                awaitReady(number, other, 1);

                stopped.set(true);
                awaitNotReady(number, "fail queue: receiving fails since ");
                assertThat(Wire.get(number, "/readyz").body()).contains("ok   database: ", "ok   circuit: ");
                assertThat(refusedStatus(other, number)).contains("queue unreachable for ");
                stopped.set(false);
                awaitReady(number, other, 2);

                postgres.pause();
                other.send(Events.logins(1));
                awaitNotReady(number, "fail circuit: open since ");
                awaitNotReady(number, "fail database: ");
                assertThat(Wire.get(number, "/metrics").body())
                        .contains("sluice_circuit_open 1.0", "sluice_in_flight_records 1.0");
                assertThat(Wire.get(number, "/status").body())
                        .containsPattern("\"state\":\"circuit_open\",\"since\":\"[0-9TZ:.-]+\",\"because\":\"[^\"]+");
                assertThat(refusedStatus(other, number)).contains("circuit open for ");
                postgres.resume();
                awaitReady(number, other, 4);
                assertThat(Wire.get(number, "/metrics").body()).contains("sluice_circuit_open 0.0");
                other.sluice("status", "--health-port", Integer.toString(number))
                        .succeeded();
            } finally {
                run.destroyForcibly();
            }
        }
    }

    /** Sends one more message, and waits for it, for so many to be stored in all, and for readiness. */
    private static void awaitReady(int port, Playground playground, int stored) {
        playground.send(Events.logins(1));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(Wire.get(port, "/status").body()).contains("\"stored\":" + stored + ",");
            assertThat(Wire.get(port, "/readyz").status()).isEqualTo(200);
        });
    }

    private static void awaitNotReady(int port, String because) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Reply ready = Wire.get(port, "/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).contains(because);
            assertThat(Wire.get(port, "/livez").status()).isEqualTo(200);
        });
    }

    /** A long poll that began before the queue was stopped may still succeed, which ends the outage for a moment. */
    private static String refusedStatus(Playground playground, int port) {
        return await().atMost(PATIENCE)
                .until(
                        () -> playground.sluice("status", "--health-port", Integer.toString(port)),
                        status -> status.exitCode() == ExitCode.UNAVAILABLE)
                .out();
    }

    private static final class StoppableSqs extends SqsInBetween {

        private final AtomicBoolean stopped;

        StoppableSqs(AtomicBoolean stopped) throws IOException {
            super(Playground.sqsEndpoint());
            this.stopped = stopped;
        }

        @Override
        Request change(Request request) throws IOException {
            if (stopped.get()) {
                throw new IOException("stopped");
            }
            return request;
        }
    }

    @Test
    void stuckConnectionsDelayNoDrain(@TempDir Path folder) throws Exception {
        Playground other = Playground.ready(folder).set("SLUICE_HEALTH_PORT", "0");
        Process run = other.start("run", "--log-level", "info");
        int number = healthPort(other);
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
