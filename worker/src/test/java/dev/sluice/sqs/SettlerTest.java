package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class SettlerTest {

    private static final Source.Deletion DONE = new Source.Deletion(List.of(), List.of(), null);

    private final StubSqs sqs = new StubSqs();
    private final SqsConnection connection = sqs.called();

    /** So patient that a slow machine does not make it give up. */
    private final Settler settler = new Settler(connection, sqs.queueUrl(), Duration.ofMinutes(1));

    private final Settler impatient = new Settler(connection, sqs.queueUrl(), Duration.ofSeconds(2));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Settler.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Settler.class)).detachAppender(log);
        settler.close();
        impatient.close();
        connection.close();
        sqs.close();
    }

    @ParameterizedTest
    @CsvSource({"1,30", "2,60", "5,480", "6,900", "1000,900"})
    void postponesLongerTheOftenerAMessageWasReceived(int receiveCount, int seconds) {
        Message message = new Message("id", "handle", Instant.EPOCH, receiveCount, new byte[0]);

        assertThat(Settler.retrySeconds(message)).isEqualTo(seconds);
    }

    @Test
    void deletesByTenUnderPositionalIds() {
        sqs.answers("DeleteMessageBatch", StubSqs.ok(done(10, "")));

        assertThat(settler.delete(Given.messages(20))).isEqualTo(DONE);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSize(2).allSatisfy(request -> assertThat(request)
                .contains("\"Id\":\"0\"")
                .contains("\"Id\":\"9\"")
                .doesNotContain("id-"));
    }

    @Test
    void deletesTheSameMessageTwiceInOneCall() {
        sqs.answers("DeleteMessageBatch", StubSqs.ok(done(2, "")));

        assertThat(settler.delete(Collections.nCopies(2, Given.message(1)))).isEqualTo(DONE);
    }

    @Test
    void triesOnlyFailedEntriesAgain() {
        sqs.answers(
                "DeleteMessageBatch", StubSqs.ok(done(2, failed(2, "InternalError", false))), StubSqs.ok(done(1, "")));

        assertThat(settler.delete(Given.messages(3))).isEqualTo(DONE);
        assertThat(sqs.requests("DeleteMessageBatch").getLast())
                .contains("handle-2")
                .doesNotContain("handle-0", "handle-1");
    }

    @Test
    void doesNotTryAStaleHandleAgain() {
        sqs.answers("DeleteMessageBatch", StubSqs.ok(done(2, failed(2, "ReceiptHandleIsInvalid", true))));

        Source.Deletion deletion = settler.delete(Given.messages(3));

        assertThat(deletion.lost()).extracting(Message::id).containsExactly("id-2");
        assertThat(deletion.open()).isEmpty();
        assertThat(deletion.failure()).isNull();
        assertThat(sqs.requests("DeleteMessageBatch")).hasSize(1);
        assertThat(logged())
                .contains("1 of 3 messages could not be deleted")
                .contains("id-2 (ReceiptHandleIsInvalid)")
                .doesNotContain("handle-");
    }

    @Test
    void countsAnEntryThatIsNotNamedAsFailedAndTriesItAgain() {
        sqs.answers("DeleteMessageBatch", StubSqs.ok(done(1, "")));

        assertThat(settler.delete(Given.messages(2))).isEqualTo(DONE);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSize(2);
    }

    @Test
    void countsEntriesThatAreNeverNamed() {
        sqs.answers("DeleteMessageBatch", StubSqs.ok("{}"));

        assertThat(impatient.delete(Given.messages(2)).open()).hasSize(2);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSizeBetween(1, 12);
        assertThat(logged()).contains("id-0 (Unanswered), id-1 (Unanswered)");
    }

    @Test
    void triesAFailedCallAgain() {
        sqs.answers(
                "DeleteMessageBatch",
                StubSqs.error(503, "ServiceUnavailable"),
                StubSqs.error(503, "ServiceUnavailable"),
                StubSqs.error(400, "RequestThrottled"),
                StubSqs.ok(done(3, "")));

        assertThat(settler.delete(Given.messages(3))).isEqualTo(DONE);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSize(4);
    }

    @Test
    void givesUpInBoundedTriesAndLogsTheIds() {
        sqs.answers("DeleteMessageBatch", StubSqs.error(500, "InternalFailure"));

        Source.Deletion deletion = impatient.delete(Given.messages(3));

        assertThat(deletion.open()).hasSize(3);
        assertThat(kind(deletion)).isEqualTo(Kind.TRANSIENT);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSizeBetween(2, 20);
        assertThat(logged())
                .contains("3 of 3", "id-0", "id-2", "InternalFailure")
                .doesNotContain("secret");
    }

    @Test
    void doesNotTryAgainWhatIsNotPermitted() {
        sqs.answers("DeleteMessageBatch", StubSqs.error(403, "AccessDeniedException"));

        Source.Deletion deletion = settler.delete(Given.messages(3));

        assertThat(deletion.open()).hasSize(3);
        assertThat(kind(deletion)).isEqualTo(Kind.NOT_PERMITTED);
        assertThat(sqs.requests("DeleteMessageBatch")).hasSize(1);
    }

    @Test
    void neverThrowsWhenMessagesCannotBeGivenBack() {
        sqs.answers("ChangeMessageVisibilityBatch", StubSqs.error(403, "AccessDeniedException"));
        List<Message> messages = Given.messages(12);

        assertThatCode(() -> settler.makeVisible(messages)).doesNotThrowAnyException();
        assertThat(sqs.requests("ChangeMessageVisibilityBatch")).hasSize(2).allSatisfy(request -> assertThat(request)
                .contains("\"VisibilityTimeout\":0"));
        assertThat(logged()).contains("12 of 12");
    }

    @Test
    void reportsWhyMessagesCannotBeExtended() {
        sqs.answers("ChangeMessageVisibilityBatch", StubSqs.error(403, "AccessDeniedException"));

        Source.Extension extension = settler.extend(Given.messages(2), Duration.ofSeconds(30));

        assertThat(extension.extended()).isEmpty();
        assertThat(extension.dead()).isEmpty();
        assertThat(logged()).contains("2 of 2 messages could not be extended", "AccessDenied");
    }

    private static @Nullable Kind kind(Source.Deletion deletion) {
        InfrastructureException failure = deletion.failure();
        return failure == null ? null : failure.kind();
    }

    private String logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }

    private static String done(int count, String failed) {
        return IntStream.range(0, count)
                .mapToObj(id -> "{\"Id\":\"" + id + "\"}")
                .collect(Collectors.joining(",", "{\"Successful\":[", "],\"Failed\":[" + failed + "]}"));
    }

    private static String failed(int id, String code, boolean senderFault) {
        return "{\"Id\":\"" + id + "\",\"Code\":\"" + code + "\",\"SenderFault\":" + senderFault
                + ",\"Message\":\"secret text\"}";
    }
}
