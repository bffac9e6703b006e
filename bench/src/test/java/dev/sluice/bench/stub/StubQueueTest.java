package dev.sluice.bench.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/** The stub as its users call it, by the AWS SDK, which also compares each body with its MD5. */
class StubQueueTest {

    private StubServer server;
    private SqsClient sqs;
    private String queueUrl;

    @BeforeEach
    void start() throws IOException {
        server = StubServer.start(ServerSocketFactory.getDefault(), "http");
        sqs = SqsClient.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .checksumValidationEnabled(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        queueUrl = sqs.getQueueUrl(request -> request.queueName("bench")).queueUrl();
    }

    @AfterEach
    void stop() throws IOException {
        sqs.close();
        server.close();
    }

    @Test
    void deliversEveryMessageOnceAndIsDoneWhenAllAreDeleted() {
        fill("messages=25");

        List<Message> first = receive(10);
        List<Message> second = receive(10);
        List<Message> third = receive(10);

        assertThat(List.of(first.size(), second.size(), third.size())).containsExactly(10, 10, 5);
        assertThat(receive(10)).isEmpty();
        Set<String> ids = new HashSet<>();
        List.of(first, second, third).forEach(messages -> messages.forEach(message -> ids.add(message.messageId())));
        assertThat(ids).hasSize(25);
        assertThat(first.getFirst().body()).startsWith("{\"user_id\": \"").hasSizeBetween(140, 180);
        assertThat(stats()).containsEntry("done", 0L);
        delete(first);
        delete(second);
        delete(third);
        assertThat(stats())
                .containsEntry("done", 1L)
                .containsEntry("deleted", 25L)
                .containsEntry("calls.DeleteMessageBatch", 3L)
                .containsEntry("calls.ReceiveMessage", 4L);
    }

    @Test
    void sendsOnlyTheAttributesThatWereAskedFor() {
        fill("messages=2");

        Message plain = sqs.receiveMessage(request -> request.queueUrl(queueUrl))
                .messages()
                .getFirst();
        Message full = sqs.receiveMessage(request ->
                        request.queueUrl(queueUrl).messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages()
                .getFirst();

        assertThat(plain.attributes()).isEmpty();
        assertThat(full.attributes())
                .containsOnlyKeys(
                        MessageSystemAttributeName.SENT_TIMESTAMP, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1");
    }

    @Test
    void deliversAMessageAgainThatWasGivenBackWithAnotherHandleAndAHigherCount() {
        fill("messages=1");
        Message first = receive(1).getFirst();

        ChangeMessageVisibilityBatchRequestEntry entry = ChangeMessageVisibilityBatchRequestEntry.builder()
                .id("0")
                .receiptHandle(first.receiptHandle())
                .visibilityTimeout(0)
                .build();
        sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queueUrl).entries(List.of(entry)));
        Message second = receive(1).getFirst();

        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(second.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
    }

    @Test
    void deliversAMessageAgainWhoseVisibilityTimeoutIsOver() {
        fill("messages=1 visibilitySeconds=1");
        Message first = receive(1).getFirst();

        List<Message> again = sqs.receiveMessage(
                        request -> request.queueUrl(queueUrl).waitTimeSeconds(20))
                .messages();

        assertThat(again).extracting(Message::messageId).containsExactly(first.messageId());
        assertThat(stats()).containsEntry("expired", 1L);
    }

    @Test
    void anOlderHandleDeletesNothingButIsAnsweredWithSuccess() {
        fill("messages=1");
        Message first = receive(1).getFirst();
        sqs.changeMessageVisibility(request ->
                request.queueUrl(queueUrl).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
        Message second = receive(1).getFirst();

        delete(List.of(first));
        assertThat(stats()).containsEntry("done", 0L).containsEntry("staleDeletes", 1L);
        delete(List.of(second));
        assertThat(stats()).containsEntry("done", 1L);
    }

    @Test
    void aHandleOfAnotherQueueFails() {
        fill("messages=1");
        Message old = receive(1).getFirst();
        fill("messages=1");

        DeleteMessageBatchResponse batch =
                sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entry(old, "0")));

        assertThat(batch.successful()).isEmpty();
        assertThat(batch.failed()).extracting("code").containsExactly("ReceiptHandleIsInvalid");
        assertThatThrownBy(() ->
                        sqs.deleteMessage(request -> request.queueUrl(queueUrl).receiptHandle("nonsense")))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
    }

    @Test
    void shortAnswersHoldOneToNineMessages() {
        fill("messages=2000 shortAnswers=1");

        Map<Integer, Integer> sizes = new HashMap<>();
        for (int call = 0; call < 100; call++) {
            sizes.merge(receive(10).size(), 1, Integer::sum);
        }

        assertThat(sizes.keySet()).isSubsetOf(1, 2, 3, 4, 5, 6, 7, 8, 9).hasSizeGreaterThan(5);
    }

    @Test
    void aDuplicateComesAfterTheDeleteAndHasToBeDeletedToo() {
        fill("messages=1 duplicatePercent=100");
        Message first = receive(1).getFirst();
        delete(List.of(first));
        assertThat(stats()).containsEntry("deleted", 1L).containsEntry("done", 0L);

        Message second = sqs.receiveMessage(
                        request -> request.queueUrl(queueUrl).waitTimeSeconds(20))
                .messages()
                .getFirst();
        delete(List.of(second));

        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(stats()).containsEntry("done", 1L).containsEntry("duplicates", 1L);
    }

    @Test
    void messagesOfARateComeOneAfterTheOther() {
        fill("messages=3 perSecond=10");

        int seen = 0;
        while (seen < 3) {
            seen += sqs.receiveMessage(request ->
                            request.queueUrl(queueUrl).maxNumberOfMessages(10).waitTimeSeconds(20))
                    .messages()
                    .size();
        }

        assertThat(stats().get("calls.ReceiveMessage")).isGreaterThan(1);
    }

    @Test
    void countsWhatIsVisibleAndInFlight() {
        fill("messages=12");
        List<Message> taken = receive(10);
        delete(taken.subList(0, 4));

        assertThat(sqs.getQueueAttributes(request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL))
                        .attributes())
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "2")
                .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "6");
    }

    @Test
    void refusesASpecThatItDoesNotKnow() {
        assertThatThrownBy(() -> QueueSpec.parse("mesages=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latencyMillis");
        assertThatThrownBy(() -> QueueSpec.parse("messages=-1")).hasMessageContaining("messages: expected 0 to");
    }

    private void fill(String spec) {
        server.fill(QueueSpec.parse(spec));
    }

    private List<Message> receive(int most) {
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(most)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void delete(List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = messages.stream()
                .map(message -> entry(message, Integer.toString(messages.indexOf(message))))
                .toList();
        assertThat(sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
                        .successful())
                .hasSameSizeAs(messages);
    }

    private static DeleteMessageBatchRequestEntry entry(Message message, String id) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(id)
                .receiptHandle(message.receiptHandle())
                .build();
    }

    private Map<String, Long> stats() {
        Map<String, Long> stats = new HashMap<>();
        for (String pair : server.queue().tally(false).split(" ", -1)) {
            String[] parts = pair.split("=", 2);
            stats.put(parts[0], Long.parseLong(parts[1]));
        }
        return stats;
    }
}
