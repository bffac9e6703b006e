package dev.sluice.sqs;

import dev.sluice.pipeline.Message;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Takes a look at messages and gives them back. Used by one thread; ends although others receive at the same time. */
final class Peeker {

    /** Long enough for a screen of masked rows, short enough that a killed peek hides nothing for long. */
    private static final int HIDDEN_SECONDS = 30;

    /** One second asks all of SQS's servers, where a call that does not wait asks some of them and may miss messages. */
    private static final int WAIT_SECONDS = 1;

    private final SqsConnection connection;
    private final String queueUrl;

    Peeker(SqsConnection connection, String queueUrl) {
        this.connection = connection;
        this.queueUrl = queueUrl;
    }

    /** As {@link QueueClient#peek(int, Consumer)}. */
    void peek(int count, Consumer<List<Message>> consumer) {
        ReceivedBatch batch = new ReceivedBatch(count, Long.MAX_VALUE);
        try (Settler settling = new Settler(connection, queueUrl)) {
            try {
                gather(batch, count);
                consumer.accept(batch.messages());
            } finally {
                settling.release(batch.messages());
            }
        }
    }

    /** Ends at the first call that brings nothing new, so also when messages come round again before all were seen. */
    private void gather(ReceivedBatch batch, int count) {
        int before = -1;
        while (batch.messages().size() > before && batch.messages().size() < count) {
            before = batch.messages().size();
            batch.add(receive(Math.min(ReceivedBatch.PER_CALL, count - before)));
        }
    }

    private List<Message> receive(int count) {
        ReceiveMessageResponse answer = connection.receive(
                "sqs:ReceiveMessage",
                true,
                sqs -> sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(count)
                        .waitTimeSeconds(WAIT_SECONDS)
                        .visibilityTimeout(HIDDEN_SECONDS)
                        .messageSystemAttributeNames(MessageConverter.ATTRIBUTES)));
        return answer.messages().stream().map(MessageConverter::message).toList();
    }
}
