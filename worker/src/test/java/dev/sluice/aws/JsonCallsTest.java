package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

class JsonCallsTest {

    private static final AwsEndpoint ENDPOINT = new AwsEndpoint(URI.create("http://127.0.0.1:9"), "eu-west-1");
    private static final DateTimeFormatter SIGNED_AT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT);

    private final List<SdkHttpRequest> requests = new ArrayList<>();
    private final Deque<HttpExecuteResponse> answers = new ArrayDeque<>();
    private final JsonCalls calls = new JsonCalls(
            new AwsConnection(
                    ENDPOINT,
                    Map.of("AWS_ACCESS_KEY_ID", "AKIDCANARY", "AWS_SECRET_ACCESS_KEY", "secret-canary"),
                    new PlainHttp(false),
                    new AwsFailures("SQS", "on queue q", ENDPOINT, "permission.", code -> "config.")),
            new JsonCalls.Protocol("sqs", "1.0", 100),
            () -> URI.create("http://127.0.0.1:9/"),
            new Answering(),
            new JsonCalls.Retries(2, Duration.ofMillis(2)));

    /** Answers from {@link #answers}. */
    private final class Answering implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            requests.add(request.httpRequest());
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    return answers.remove();
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {}
    }

    private static HttpExecuteResponse answer(int status, Instant date, String body) {
        return HttpExecuteResponse.builder()
                .response(SdkHttpFullResponse.builder()
                        .statusCode(status)
                        .putHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC)))
                        .build())
                .responseBody(
                        AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    private String call() {
        return calls.call(
                "sqs:ReceiveMessage",
                "AmazonSQS.ReceiveMessage",
                new byte[] {'{', '}'},
                answer -> new String(answer, StandardCharsets.UTF_8));
    }

    /** As the SDK: a host whose clock is wrong works, and works at once from the second call on. */
    @Test
    void signsForTheTimeOfAServiceThatFindsTheClockWrong() {
        Instant theirs = Instant.now().plus(Duration.ofHours(3));
        answers.add(answer(403, theirs, "{\"__type\":\"RequestTimeTooSkewed\"}"));
        answers.add(answer(200, theirs, "first"));
        answers.add(answer(200, theirs, "second"));

        assertThat(List.of(call(), call())).containsExactly("first", "second");

        assertThat(requests.stream().map(JsonCallsTest::signedAt).skip(1))
                .allSatisfy(
                        signed -> assertThat(Duration.between(theirs, signed)).isLessThan(Duration.ofMinutes(5)))
                .allSatisfy(
                        signed -> assertThat(Duration.between(signed, theirs)).isLessThan(Duration.ofMinutes(5)));
    }

    @Test
    void leavesTheClockAloneAfterOtherErrors() {
        Instant theirs = Instant.now().plus(Duration.ofHours(3));
        answers.add(answer(500, theirs, "{}"));
        answers.add(answer(200, theirs, ""));

        call();

        assertThat(Duration.between(Instant.now(), signedAt(requests.getLast())))
                .isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        answers.add(answer(200, Instant.now(), "x".repeat(101)));
        answers.add(answer(200, Instant.now(), "x".repeat(101)));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(this::call)
                .satisfies(failure -> assertThat(failure.isTransient()).isTrue());
    }

    @Test
    void signsEveryHeaderThatItSends() {
        answers.add(answer(200, Instant.now(), ""));

        call();

        assertThat(requests.getFirst().firstMatchingHeader("Authorization").orElseThrow())
                .contains("AKIDCANARY/", "/eu-west-1/sqs/aws4_request", "content-type", "x-amz-target")
                .doesNotContain("secret-canary");
    }

    private static Instant signedAt(SdkHttpRequest request) {
        String date = request.firstMatchingHeader("X-Amz-Date").orElseThrow();
        return ZonedDateTime.of(LocalDateTime.parse(date, SIGNED_AT), ZoneOffset.UTC)
                .toInstant();
    }
}
