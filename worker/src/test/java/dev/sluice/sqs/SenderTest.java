package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.sqs.QueueClient.RejectedBody;
import dev.sluice.sqs.QueueClient.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SenderTest {

    private final StubSqs sqs = new StubSqs();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void triesFailedEntriesAgainAndCountsExactly() {
        sqs.answers(
                "SendMessageBatch",
                StubSqs.ok(done(List.of("a"), failed(1, "InternalError", false))),
                StubSqs.ok(done(List.of("b"), "")));

        assertThat(send("a", "b")).isEqualTo(new Sent(2, 0));
        assertThat(sqs.requests("SendMessageBatch").getLast()).doesNotContain("\"a\"");
    }

    @Test
    void setsAsideWhatSqsRejectsAndSendsTheRest() {
        sqs.answers("SendMessageBatch", StubSqs.ok(done(List.of("a"), failed(1, "InvalidMessageContents", true))));

        assertThat(send("a", "\u0001")).isEqualTo(new Sent(1, 1));
        assertThat(log).containsExactly("rejected 2 InvalidMessageContents", "sent 1", "settled 2 []", "settled 2 []");
    }

    @Test
    void reportsHowManyWereSentWhenItFailsMidway() {
        // Calls of the same content, since any of them may be the first to arrive.
        List<String> first = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
        sqs.answers("SendMessageBatch", StubSqs.ok(done(first, "")), StubSqs.error(403, "AccessDeniedException"));
        String[] bodies =
                IntStream.range(0, 30).mapToObj(i -> String.valueOf(i % 10)).toArray(String[]::new);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> sendTo(sqs.settings(), null, bodies))
                .withMessageContaining("AccessDenied")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED));
        assertThat(log).first().isEqualTo("sent 10");
        assertThat(log.getLast()).startsWith("settled 30 [").matches(text -> text.split(",").length == 20);
    }

    @Test
    void givesFifoMessagesTheirGroupAndADeduplicationId() {
        sqs.answers("SendMessageBatch", StubSqs.ok(done(List.of("a"), "")));

        sendTo(TestSettings.queue(sqs.queueUrl() + ".fifo"), "group-1", "a");

        assertThat(sqs.requests("SendMessageBatch"))
                .singleElement()
                .asString()
                .contains("\"MessageGroupId\":\"group-1\"", "MessageDeduplicationId");
    }

    @Test
    void asksForTheGroupOfAFifoQueue() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> sendTo(TestSettings.queue(sqs.queueUrl() + ".fifo"), null, "a"))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFIG));
    }

    private Sent send(String... bodies) {
        return sendTo(sqs.settings(), null, bodies);
    }

    private Sent sendTo(QueueSettings settings, @Nullable String groupId, String... bodies) {
        try (QueueClient client = Queues.client(settings, StubSqs.Keys.MADE_UP)) {
            return client.send(List.of(bodies).iterator(), groupId, new Log());
        }
    }

    private final class Log implements SendListener {

        @Override
        public void sent(long messages) {
            log.add("sent " + messages);
        }

        @Override
        public void rejected(RejectedBody body) {
            log.add("rejected " + body.position() + " " + body.code());
        }

        @Override
        public void settled(long position, List<Long> failed) {
            log.add("settled " + position + " " + failed);
        }
    }

    private static String done(List<String> bodies, String failed) {
        return IntStream.range(0, bodies.size())
                .mapToObj(id -> "{\"Id\":\"" + id + "\",\"MessageId\":\"m\",\"MD5OfMessageBody\":\""
                        + Given.md5(bodies.get(id)) + "\"}")
                .collect(Collectors.joining(",", "{\"Successful\":[", "],\"Failed\":[" + failed + "]}"));
    }

    private static String failed(int id, String code, boolean senderFault) {
        return "{\"Id\":\"" + id + "\",\"Code\":\"" + code + "\",\"SenderFault\":" + senderFault + "}";
    }
}
