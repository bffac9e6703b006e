package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.status.Answer.Answered;
import dev.sluice.cli.status.Answer.Unanswered;
import dev.sluice.metrics.StatusDocument;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StatusReaderTest {

    private static final String NOT_A_STATUS =
            "the answer is not the status of a worker of this version: check that this is the health port";

    private final StatusReader reader = new StatusReader(Duration.ofSeconds(1));

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void readsWhatAWorkerSays() {
        try (HealthPort port = HealthPort.of(Statuses.running())) {
            assertThat(reader.read(port.address())).isEqualTo(new Answered(Statuses.running()));
        }
    }

    @Test
    void answersInTheOrderOfTheWorkers() {
        try (HealthPort stuck = HealthPort.stuck();
                HealthPort port = HealthPort.of(Statuses.running())) {
            assertThat(reader.readAll(List.of(stuck.address(), port.address())))
                    .containsExactly(new Unanswered("no answer within 1 s"), new Answered(Statuses.running()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "<html>status</html>",
                "{\"version\":1}",
                "{\"state\":\"dancing\"}",
                "\u0000"
            })
    void refusesWhatIsNotAStatus(String body) {
        assertThat(answer(HealthPort.answering(200, body))).isEqualTo(new Unanswered(NOT_A_STATUS));
    }

    @Test
    void refusesADocumentThatLacksAMember() {
        String document =
                StatusDocument.write(Statuses.running()).replace("\"in_flight\":{\"records\"", "\"x\":{\"y\"");

        assertThat(answer(HealthPort.answering(200, document))).isEqualTo(new Unanswered(NOT_A_STATUS));
    }

    @Test
    void refusesDeepNesting() {
        assertThat(answer(HealthPort.answering(200, "[".repeat(50_000)))).isEqualTo(new Unanswered(NOT_A_STATUS));
    }

    @Test
    void takesAMemberOfALaterVersion() {
        String document = StatusDocument.write(Statuses.running()).replaceFirst("\\{", "{\"news\":[{\"a\":1}],");

        assertThat(answer(HealthPort.answering(200, document))).isEqualTo(new Answered(Statuses.running()));
    }

    @Test
    void endsAnAnswerThatIsTooLong() {
        assertThat(answer(HealthPort.endless()))
                .isEqualTo(new Unanswered("the answer is longer than 64 KiB: check that this is the health port"));
    }

    @Test
    void doesNotWaitForABodyThatNeverComes() {
        assertThat(answer(HealthPort.stuck())).isEqualTo(new Unanswered("no answer within 1 s"));
    }

    @Test
    void doesNotFollowARedirect() {
        try (HealthPort elsewhere = HealthPort.of(Statuses.running())) {
            assertThat(answer(HealthPort.redirectingTo(elsewhere.url() + "/status")))
                    .isEqualTo(new Unanswered("the answer is HTTP status 302: check that this is the health port"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 401, 404, 503})
    void refusesAnotherStatusOfHttp(int code) {
        assertThat(answer(HealthPort.answering(code, "")))
                .isEqualTo(
                        new Unanswered("the answer is HTTP status " + code + ": check that this is the health port"));
    }

    @Test
    void saysThatNothingListens() throws Exception {
        WorkerAddress closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = WorkerAddress.of("http://127.0.0.1:" + socket.getLocalPort())
                    .orElseThrow();
        }

        assertThat(reader.read(closed))
                .isEqualTo(new Unanswered("nothing listens there, or the connection is refused"));
    }

    @Test
    void saysThatTheHostIsNotKnown() {
        assertThat(reader.read(WorkerAddress.of("http://worker.invalid:8081").orElseThrow()))
                .isEqualTo(new Unanswered("the host is not known"));
    }

    private Answer answer(HealthPort port) {
        try (port) {
            return reader.read(port.address());
        }
    }
}
