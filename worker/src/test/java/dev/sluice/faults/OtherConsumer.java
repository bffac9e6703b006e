package dev.sluice.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;

/** Somebody else who receives from the queue, past the proxy, and deletes nothing. Used by one thread. */
final class OtherConsumer {

    private static final int PER_CALL = 10;
    private static final int HIDDEN_SECONDS = 3_600;

    private final SqsClient client;
    private final String queueUrl;

    OtherConsumer(SqsClient client, String queueUrl) {
        this.client = client;
        this.queueUrl = queueUrl;
    }

    /** Receives all that is visible so many times, and gives it back each time. */
    void receiveAll(int times) {
        for (int i = 0; i < times; i++) {
            giveBack(takeAll());
        }
    }

    /** Receives all that is visible and keeps it hidden. Answers the receipt handles. */
    List<String> takeAll() {
        List<String> handles = new ArrayList<>();
        List<Message> found = receive();
        while (!found.isEmpty()) {
            found.forEach(message -> handles.add(message.receiptHandle()));
            found = receive();
        }
        return handles;
    }

    private List<Message> receive() {
        return client.receiveMessage(request ->
                        request.queueUrl(queueUrl).maxNumberOfMessages(PER_CALL).visibilityTimeout(HIDDEN_SECONDS))
                .messages();
    }

    /** Makes them visible, the first ones first. */
    void giveBack(List<String> handles) {
        for (int from = 0; from < handles.size(); from += PER_CALL) {
            List<String> part = handles.subList(from, Math.min(handles.size(), from + PER_CALL));
            List<ChangeMessageVisibilityBatchRequestEntry> entries = IntStream.range(0, part.size())
                    .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(part.get(i))
                            .visibilityTimeout(0)
                            .build())
                    .toList();
            ChangeMessageVisibilityBatchResponse answer = client.changeMessageVisibilityBatch(
                    request -> request.queueUrl(queueUrl).entries(entries));
            if (answer.successful().size() != part.size()) {
                throw new AssertionError("not given back: " + answer.failed());
            }
        }
    }
}
