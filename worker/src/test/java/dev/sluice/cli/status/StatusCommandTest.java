package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.metrics.Status.State;
import dev.sluice.metrics.StatusDocument;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCommandTest {

    @Test
    void showsWhatAWorkerDoes() {
        Called status = of(HealthPort.of(Statuses.running()));

        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .isEqualTo(
                        """
                        pipeline      user-logins  login-queue -> public.user_logins
                        state         running for 59 min 50 s
                        per second    stored 412, duplicate 0, quarantined <0.01, released 0
                        age           p50 120 ms, p99 410 ms
                        backlog       1,204 waiting, oldest received 2.1 s, delayed 0, read 5 s ago
                        in flight     4,096 records, 1.2 MiB, connections 2 of 3
                        quarantine    missing 2, invalid-ip 1
                        dead letters  0
                        stages        receive 12 ms, map 2 µs, store 11 ms, settle -
                        since start   stored 1,234,567, duplicate 12, quarantined 3, released 0
                        last commit   2026-03-01T14:03:22Z, 0 s ago
                        version       0.1.0, up 1 h 0 min
                        """);
    }

    @Test
    void saysWhyTheCircuitIsOpenAndWhenItIsTriedAgain() {
        Called status = of(HealthPort.of(Statuses.circuitOpen("PostgreSQL refuses connections")));

        assertThat(status.lines())
                .contains(
                        "state         circuit open for 59 min 50 s, next try in 12 s: PostgreSQL refuses connections");
    }

    @ParameterizedTest
    @CsvSource({"STARTING,0", "RUNNING,0", "IDLE,0", "DRAINING,0", "CIRCUIT_OPEN,69", "QUEUE_UNREACHABLE,69"})
    void exitsByTheState(State state, int exitCode) {
        assertThat(of(HealthPort.of(Statuses.in(state))).exitCode()).isEqualTo(exitCode);
    }

    @Test
    void printsTheDocumentForPrograms() {
        Called status = of(HealthPort.of(Statuses.running()), "--output", "json");

        assertThat(StatusDocument.read(status.out())).contains(Statuses.running());
        assertThat(status.lines()).hasSize(1);
    }

    @Test
    void listsSeveralWorkersAndExitsByTheWorst() {
        try (HealthPort good = HealthPort.of(Statuses.running());
                HealthPort bad = HealthPort.answering(200, "hello")) {
            Called text = Called.sluice("status", "--url", bad.url(), "--url", good.url());
            Called json = Called.sluice("status", "--url", bad.url(), "--url", good.url(), "--output", "json");

            assertThat(text.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(text.lines()).startsWith(good.address().label()).hasSize(13);
            assertThat(text.err()).startsWith("sluice: " + bad.url() + "/status: the answer is not the status");
            assertThat(json.lines()).hasSize(2);
            assertThat(json.lines().getFirst())
                    .startsWith("{\"url\":\"" + bad.url() + "/status\",\"error\":\"the answer");
            assertThat(StatusDocument.read(json.lines().getLast())).isPresent();
        }
    }

    @Test
    void showsNamesWithoutWhatATerminalActsOn() {
        String trick = "x\u001b[2J\u202ey\nz";
        try (HealthPort port = HealthPort.of(Statuses.ofQueue(trick, 1, 1))) {
            Called text = Called.sluice("status", "--url", port.url());
            Called json = Called.sluice("status", "--url", port.url(), "--output", "json");

            assertThat(text.out()).contains("x\\u{1b}[2J\\u{202e}y\\u{a}z").doesNotContain("\u001b", "\u202e");
            assertThat(json.out()).doesNotContain("\u001b", "\u202e");
            assertThat(StatusDocument.read(json.out())).contains(Statuses.ofQueue(trick, 1, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8081", "http://user:canary-4711@localhost", "file:///canary-4711"})
    void refusesAnotherUrlWithoutQuotingIt(String url) {
        Called refused = Called.sluice("status", "--url", url);

        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("--url must be http://HOST:PORT, or https, without user, query and fragment", "status --help")
                .doesNotContain("canary");
    }

    @Test
    void asksTheHealthPortOfThisMachineUnlessAUrlIsGiven() {
        try (HealthPort port = HealthPort.of(Statuses.running())) {
            String number = Integer.toString(port.address().page().getPort());

            assertThat(Called.sluice("status", "--health-port", number).exitCode())
                    .isZero();
            assertThat(Called.sluice("status", "--health-port", number, "--health-address", "0.0.0.0")
                            .exitCode())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "off"})
    void requiresAUrlIfNoPortIsNamed(String port) {
        Called refused = Called.sluice("status", "--health-port", port);

        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("--url is required: --health-port names no port of this machine");
    }

    private static Called of(HealthPort port, String... more) {
        try (port) {
            String[] args = Stream.concat(Stream.of("status", "--url", port.url()), Arrays.stream(more))
                    .toArray(String[]::new);
            return Called.sluice(args);
        }
    }
}
