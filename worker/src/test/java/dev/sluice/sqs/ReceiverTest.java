package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.config.RunSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StubSqs sqs = new StubSqs();
    private final SqsConnection connection = sqs.called();
    private final List<Message> arrived = new CopyOnWriteArrayList<>();
    private final List<Long> calls = new CopyOnWriteArrayList<>();
    private final Source.Arrivals arrivals = (messages, calledAt) -> {
        arrived.addAll(messages);
        calls.add(calledAt);
    };

    @AfterEach
    void stop() {
        connection.close();
        sqs.close();
    }

    @Test
    void asksOnceWhenAQueueThatWasDryBringsAFew() {
        sqs.answers("ReceiveMessage", StubSqs.ok(Given.received(0, 3)));

        Message first = receive(1_000).getFirst();

        assertThat(sqs.requests("ReceiveMessage"))
                .singleElement()
                .asString()
                .contains("\"WaitTimeSeconds\":20", "SentTimestamp", "ApproximateReceiveCount");
        assertThat(first.id()).isEqualTo("id-0");
        assertThat(first.sentAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(first.receiveCount()).isEqualTo(2);
        assertThat(new String(first.body(), StandardCharsets.UTF_8)).isEqualTo("body 0");
    }

    @Test
    void goesOnWithoutWaitingWhileAnswersAreFullAndStopsAtTheBatch() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 10)),
                StubSqs.ok(Given.received(10, 10)),
                StubSqs.ok(Given.received(20, 10)));

        assertThat(receive(30)).hasSize(30).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(sqs.requests("ReceiveMessage"))
                .hasSize(3)
                .filteredOn(request -> request.contains("\"WaitTimeSeconds\":0"))
                .hasSize(2);
    }

    /** SQS fills an answer from a part of its servers. */
    @Test
    void goesOnAfterShortAnswersAndEndsWithOneThatBringsNothing() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 9)),
                StubSqs.ok(Given.received(9, 1)),
                StubSqs.ok(Given.received(10, 7)),
                StubSqs.ok(Given.received(17, 2)),
                StubSqs.ok("{}"));

        assertThat(receive(1_000)).hasSize(19).extracting(Message::id).doesNotHaveDuplicates();
    }

    /** A short answer comes from a server that has few; an empty one from each of most servers means a dry queue. */
    @Test
    void goesOnWhileHalfOfTheAnswersBringSomething() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 5)),
                StubSqs.ok(Given.received(5, 1)),
                StubSqs.ok("{}"),
                StubSqs.ok(Given.received(6, 1)),
                StubSqs.ok("{}"));

        Source.Received received = receiveFrom(1_000, PATIENCE);

        assertThat(received.messages()).hasSize(7);
        assertThat(received.more()).isFalse();
        assertThat(sqs.requests("ReceiveMessage")).hasSize(1 + 2 + 4);
    }

    @Test
    void isSatisfiedWithThreeQuartersOfABatch() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 10)),
                StubSqs.ok(Given.received(10, 3)),
                StubSqs.ok(Given.received(13, 2)),
                StubSqs.ok("{}"));

        Source.Received received = receiveFrom(20, PATIENCE);

        assertThat(received.messages()).hasSize(15);
        assertThat(received.more()).isTrue();
    }

    @Test
    void beginsTheNextBatchOfABusyQueueWithAllItsCalls() {
        sqs.answers(
                "ReceiveMessage",
                IntStream.range(0, 20)
                        .mapToObj(answer -> StubSqs.ok(Given.received(10 * answer, 10)))
                        .toArray(StubSqs.Canned[]::new));
        try (Receiver receiver = receiver(100, Duration.ofMinutes(1))) {
            assertThat(receiver.receive(PATIENCE, arrivals).messages()).hasSize(100);
            long begun = System.nanoTime();
            calls.clear();

            assertThat(receiver.receive(Duration.ZERO, arrivals).messages()).hasSize(100);

            assertThat(calls).hasSize(10).allSatisfy(called -> assertThat(called)
                    .isGreaterThan(begun));
        }
        assertThat(sqs.requests("ReceiveMessage"))
                .filteredOn(request -> !request.contains("\"WaitTimeSeconds\":0"))
                .hasSize(1);
    }

    @Test
    void saysThatADryQueueHasNoMore() {
        sqs.answers("ReceiveMessage", StubSqs.ok("{}"));

        assertThat(receiveFrom(10, Duration.ZERO)).isEqualTo(Source.Received.NONE);
        assertThat(sqs.requests("ReceiveMessage")).hasSize(1);
    }

    @Test
    void reportsMessagesAsTheyArriveWithTheStartOfTheirCall() {
        sqs.answers("ReceiveMessage", StubSqs.ok(Given.received(0, 10)), StubSqs.ok(Given.received(10, 3)));
        long before = System.nanoTime();

        List<Message> received = receive(13);

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(received);
        assertThat(calls).hasSize(2).allSatisfy(asked -> assertThat(asked - before)
                .isNotNegative());
        assertThat(calls.getLast() - calls.getFirst()).isPositive();
    }

    @Test
    void endsABatchEarlyWhenGatheringItTakesTooLong() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 10)),
                StubSqs.ok(Given.received(10, 10)),
                StubSqs.ok(Given.received(20, 10)),
                StubSqs.ok(Given.received(30, 10)));

        assertThat(receive(100, Duration.ZERO)).hasSize(30);
    }

    @Test
    void keepsWhatOthersReceivedWhenOneCallFails() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok(Given.received(0, 10)),
                StubSqs.error(403, "AccessDeniedException"),
                StubSqs.ok(Given.received(10, 10)));

        assertThat(receive(30)).hasSize(20);
    }

    @Test
    void throwsWhenTheFirstCallFails() {
        sqs.answers("ReceiveMessage", StubSqs.error(400, "QueueDoesNotExist"));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> receive(30))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFIG));
    }

    @Test
    void takesABodyThatItsMd5DoesNotFitForATransientFailure() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok("{\"Messages\":[" + Given.received("a", "h", "altered", Given.md5("original")) + "]}"));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> receive(30))
                .withMessageNotContaining("altered")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT));
    }

    @Test
    void refusesAServiceThatDoesNotSayWhenItAccepted() {
        sqs.answers(
                "ReceiveMessage",
                StubSqs.ok("{\"Messages\":[{\"MessageId\":\"a\",\"ReceiptHandle\":\"h\",\"Body\":\"x\",\"MD5OfBody\":\""
                        + Given.md5("x") + "\"}]}"));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> receive(30))
                .withMessageContaining("SentTimestamp");
    }

    @Test
    void finishesTheCallAndKeepsTheInterruptForTheCaller() {
        sqs.answers("ReceiveMessage", StubSqs.ok(Given.received(0, 3)));
        Thread.currentThread().interrupt();

        assertThat(receive(30)).hasSize(3);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "999, 1", "1000, 1", "1001, 2", "20000, 20", "60000, 20"})
    void roundsPatienceUpToSecondsAndDownToTwenty(long millis, int seconds) {
        assertThat(Receiver.waitSeconds(Duration.ofMillis(millis))).isEqualTo(seconds);
    }

    private List<Message> receive(int batch) {
        return receive(batch, Duration.ofMinutes(1));
    }

    private List<Message> receive(int batch, Duration gathering) {
        try (Receiver receiver = receiver(batch, gathering)) {
            return receiver.receive(PATIENCE, arrivals).messages();
        }
    }

    private Source.Received receiveFrom(int batch, Duration waitTime) {
        try (Receiver receiver = receiver(batch, Duration.ofMinutes(1))) {
            return receiver.receive(waitTime, arrivals);
        }
    }

    private Receiver receiver(int batch, Duration gathering) {
        return new Receiver(
                connection,
                sqs.queueUrl(),
                new ReceivedAttributes(List.of(), false),
                new RunSettings(1, batch),
                gathering);
    }
}
