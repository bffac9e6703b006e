package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.CallListener;
import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attribute;
import dev.sluice.pipeline.Message;
import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.EntryError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the calls for messages do, as the SDK's client does it: each test runs against both. */
@ParameterizedClass
@EnumSource(MessageCallsTest.Client.class)
class MessageCallsTest {

    enum Client {
        OURS,
        SDK
    }

    private final Client client;

    private static final MessageCalls.Request TEN =
            new MessageCalls.Request(10, 0, null, new ReceivedAttributes(List.of("tenant", "size", "blob"), false));

    private final List<String> statuses = new ArrayList<>();
    private final StubSqs stub = new StubSqs();
    private final AwsConnection aws = connection();
    private final SqsClient sqs = aws.configure(
                    SqsClient.builder(),
                    AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                            .maxAttempts(MessageCalls.ATTEMPTS)
                            .build())
            .httpClientBuilder(Apache5HttpClient.builder())
            .build();
    private final SdkCalls theirs = new SdkCalls(aws, sqs, stub.queueUrl());
    private final MessageCalls ours = new MessageCalls(aws);

    MessageCallsTest(Client client) {
        this.client = client;
    }

    private AwsConnection connection() {
        var endpoint = SqsConnection.endpoint(QueueAddress.parse(stub.queueUrl()), stub.settings());
        CallListener listener = (operation, status) -> statuses.add(operation + " " + status);
        return new AwsConnection(
                endpoint,
                StubSqs.Keys.MADE_UP,
                new PlainHttp(false),
                new AwsFailures("SQS", "on queue q", endpoint, "permission.", code -> "config."),
                listener);
    }

    @AfterEach
    void stop() {
        ours.close();
        sqs.close();
        stub.close();
    }

    private List<Message> receive() {
        return switch (client) {
            case OURS -> {
                sqs.getQueueAttributes(request -> request.queueUrl(stub.queueUrl()));
                yield ours.receive(stub.queueUrl(), TEN);
            }
            case SDK -> theirs.receive(TEN);
        };
    }

    private BatchResult delete(List<Message> messages) {
        return switch (client) {
            case OURS -> {
                sqs.getQueueAttributes(request -> request.queueUrl(stub.queueUrl()));
                yield ours.delete(stub.queueUrl(), messages);
            }
            case SDK -> theirs.delete(messages);
        };
    }

    private InfrastructureException receiveFails(StubSqs.Canned... answers) {
        stub.answers("ReceiveMessage", answers);
        return catchThrowableOfType(InfrastructureException.class, this::receive);
    }

    @Test
    void asksForWhatTheSdkAsksFor() {
        stub.answers("ReceiveMessage", StubSqs.ok("{}"));

        assertThat(receive()).isEmpty();

        assertThat(stub.requests("ReceiveMessage").getFirst())
                .contains(
                        "\"QueueUrl\":\"" + stub.queueUrl() + "\"",
                        "\"MaxNumberOfMessages\":10",
                        "\"WaitTimeSeconds\":0",
                        "\"MessageSystemAttributeNames\":[\"SentTimestamp\",\"ApproximateReceiveCount\"]",
                        "\"MessageAttributeNames\":[\"tenant\",\"size\",\"blob\"]")
                .doesNotContain("VisibilityTimeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Messages\":[]}",
                "{\"Messages\":null}",
                "{\"Added\":{\"by\":[\"AWS\"]},\"Messages\":[]}"
            })
    void takesAnAnswerWithoutMessagesForAnEmptyOne(String answer) {
        stub.answers("ReceiveMessage", StubSqs.ok(answer));

        assertThat(receive()).isEmpty();
    }

    @Test
    void readsMessages() {
        stub.answers("ReceiveMessage", StubSqs.ok(Given.received(0, 10)));

        List<Message> messages = receive();

        assertThat(messages).hasSize(10);
        Message third = messages.get(2);
        assertThat(third.id()).isEqualTo("id-2");
        assertThat(third.receiptHandle()).isEqualTo("handle-2");
        assertThat(third.receiveCount()).isEqualTo(2);
        assertThat(third.sentAt()).hasToString("2023-11-14T22:13:20.123Z");
        assertThat(third.body()).asString().isEqualTo("body 2");
        assertThat(statuses).endsWith("sqs:ReceiveMessage 200");
    }

    @Test
    void readsEscapesAndAllOfUnicode() {
        String body = "\u00fc\u20ac\ud83d\ude00 \\ \" / \n\t\u007f\u2028";
        String json = "\\u00fc\u20ac\\ud83d\\ude00 \\\\ \\\" \\/ \\n\\t\u007f\u2028";
        stub.answers(
                "ReceiveMessage",
                StubSqs.ok("{\"Messages\":[" + Given.received("i", "h", json, Given.md5(body)) + "]}"));

        assertThat(receive().getFirst().body()).asString().isEqualTo(body);
    }

    /** The checksum of these attributes was computed by the rule of AWS's guide, by hand. */
    @Test
    void readsAttributesOfEveryType() {
        stub.answers("ReceiveMessage", StubSqs.ok(withAttributes("48c334a24ccf4db71054e1a9f7caa4d3")));

        assertThat(receive().getFirst().attributes().byName())
                .isEqualTo(Map.of(
                        "tenant", new Attribute(Attribute.Type.STRING, "acme"),
                        "size", new Attribute(Attribute.Type.NUMBER, "12"),
                        "blob", new Attribute(Attribute.Type.BINARY, "AQID")));
    }

    @Test
    void refusesAttributesThatDoNotMatchTheirChecksum() {
        InfrastructureException failure = receiveFails(StubSqs.ok(withAttributes("00000000000000000000000000000000")));

        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure).hasMessageNotContaining("acme").hasNoCause();
    }

    private static String withAttributes(String md5) {
        String message = Given.received("i", "h", "{}", Given.md5("{}"));
        return "{\"Messages\":[" + message.substring(0, message.length() - 1)
                + ",\"MD5OfMessageAttributes\":\"" + md5 + "\",\"MessageAttributes\":{"
                + "\"tenant\":{\"DataType\":\"String.label\",\"StringValue\":\"acme\"},"
                + "\"size\":{\"DataType\":\"Number\",\"StringValue\":\"12\"},"
                + "\"blob\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AQID\"}}}]}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000000000000000", ""})
    void refusesABodyThatDoesNotMatchItsChecksum(String md5) {
        InfrastructureException failure =
                receiveFails(StubSqs.ok("{\"Messages\":[" + Given.received("i", "h", "secret text", md5) + "]}"));

        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
        assertThat(statuses).endsWith("sqs:ReceiveMessage 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"Messages\":[{\"secret text\":", "<html>secret text</html>", "{\"Messages\":[]"})
    void takesWhatIsNotAnAnswerForATransientFailure(String answer) {
        InfrastructureException failure = receiveFails(StubSqs.ok(answer));

        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDeniedException, NOT_PERMITTED, 1",
        "400, QueueDoesNotExist, CONFIG, 1",
        "400, OverLimit, TRANSIENT, 1",
        "400, RequestThrottled, TRANSIENT, 2",
        "400, ThrottlingException, TRANSIENT, 2",
        "403, RequestTimeTooSkewed, NOT_PERMITTED, 2",
        "500, InternalFailure, TRANSIENT, 2",
        "503, ServiceUnavailable, TRANSIENT, 2",
    })
    void triesAgainOnceWhereThatHelps(int status, String code, Kind kind, int tries) {
        InfrastructureException failure = receiveFails(StubSqs.error(status, code));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
        assertThat(stub.requests("ReceiveMessage")).hasSize(tries);
        assertThat(statuses).endsWith("sqs:ReceiveMessage " + status);
    }

    @Test
    void reportsOneCallThatSucceedsAtItsSecondTry() {
        stub.answers("ReceiveMessage", StubSqs.error(500, "InternalFailure"), StubSqs.ok(Given.received(0, 1)));

        assertThat(receive()).hasSize(1);
        assertThat(statuses).endsWith("sqs:ReceiveMessage 200").doesNotContain("sqs:ReceiveMessage 500");
    }

    @Test
    void takesTheOlderErrorCodeFromTheHeader() {
        InfrastructureException failure = receiveFails(StubSqs.error(400, "QueueDoesNotExist")
                .with("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"));

        assertThat(failure).hasMessageContaining("NonExistentQueue").hasMessageNotContaining("Sender");
    }

    @Test
    void recognizesAServerThatAnswersInXml() {
        InfrastructureException failure =
                receiveFails(new StubSqs.Canned(400, "<ErrorResponse/>", false).with("Content-Type", "text/xml"));

        assertThat(failure).hasMessageContaining("query protocol");
    }

    @Test
    void deletesByPositionAndReadsWhatFailed() {
        stub.answers(
                "DeleteMessageBatch",
                StubSqs.ok(
                        "{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[{\"Id\":\"1\",\"Code\":\"ReceiptHandleIsInvalid\","
                                + "\"SenderFault\":true,\"Message\":\"m\"},{\"Id\":\"2\",\"Code\":\"InternalError\","
                                + "\"SenderFault\":false}]}"));

        BatchResult result = delete(Given.messages(3));

        assertThat(result.successful()).containsExactly("0");
        assertThat(result.failed())
                .containsExactly(
                        new EntryError("1", "ReceiptHandleIsInvalid", true),
                        new EntryError("2", "InternalError", false));
        assertThat(stub.requests("DeleteMessageBatch").getFirst())
                .contains("{\"Id\":\"1\",\"ReceiptHandle\":\"handle-1\"}");
    }
}
