package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.aws.CallListener;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.sqs.StubSqs.Canned;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsFailuresTest {

    private final StubSqs sqs = new StubSqs();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDeniedException, NOT_PERMITTED, AccessDenied",
        "403, InvalidClientTokenId, NOT_PERMITTED, InvalidClientTokenId",
        "403, SignatureDoesNotMatch, NOT_PERMITTED, SignatureDoesNotMatch",
        "400, ExpiredTokenException, NOT_PERMITTED, ExpiredToken",
        "400, UnrecognizedClientException, NOT_PERMITTED, UnrecognizedClient",
        "400, QueueDoesNotExist, CONFIG, QueueDoesNotExist",
        "404, InvalidAddress, CONFIG, InvalidAddress",
        "400, RequestThrottled, TRANSIENT, RequestThrottled",
        "400, ThrottlingException, TRANSIENT, Throttling",
        "400, OverLimit, TRANSIENT, OverLimit",
        "500, InternalFailure, TRANSIENT, InternalFailure",
        "503, ServiceUnavailable, TRANSIENT, HTTP 503",
        "418, SomethingNew, CONFIG, SomethingNew",
    })
    void derivesTheKindFromTheCode(int status, String code, Kind kind, String shown) {
        InfrastructureException failure = failureOf(StubSqs.error(status, code));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageContaining(shown)
                .hasMessageContaining("login-queue")
                .hasMessageContaining(sqs.origin())
                .hasMessageContaining("sqs:GetQueueAttributes");
        assertNothingOfTheirs(failure);
    }

    @ParameterizedTest
    @CsvSource({"502, TRANSIENT", "429, TRANSIENT", "403, NOT_PERMITTED", "404, CONFIG"})
    void derivesTheKindFromTheStatusIfThereIsNoCode(int status, Kind kind) {
        InfrastructureException failure = failureOf(new Canned(status, "<html>secret text</html>", false));

        assertThat(failure.kind()).isEqualTo(kind);
        assertNothingOfTheirs(failure);
    }

    @Test
    void takesATruncatedAnswerForATransientFailure() {
        InfrastructureException failure = failureOf(StubSqs.truncated("{\"Attributes\":{\"secret text\":"));

        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertNothingOfTheirs(failure);
    }

    @Test
    void takesARefusedConnectionForATransientFailure() {
        String gone = sqs.queueUrl();
        sqs.close();

        InfrastructureException failure = failure(TestSettings.queue(gone), StubSqs.Keys.MADE_UP);

        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure).hasMessageContaining("connection refused").hasNoCause();
    }

    private InfrastructureException failureOf(Canned canned) {
        sqs.answers("GetQueueAttributes", canned);
        return failure(sqs.settings(), StubSqs.Keys.MADE_UP);
    }

    private static InfrastructureException failure(QueueSettings settings, Map<String, String> environment) {
        return catchThrowableOfType(InfrastructureException.class, () -> Queues.source(
                        settings, List.of(), false, TestSettings.RUN, environment, CallListener.NONE)
                .close());
    }

    private static void assertNothingOfTheirs(InfrastructureException failure) {
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
        assertThat(failure.getSuppressed()).isEmpty();
    }
}
