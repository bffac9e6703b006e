package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attributes;
import dev.sluice.pipeline.Message;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A queue for the command line: what {@code send}, {@code peek}, {@code demo} and {@code show} need and the pipeline does
 * not. Thread-safe. Every method blocks, looks the queue up again, and fails with {@link InfrastructureException} only.
 */
public final class QueueClient implements AutoCloseable {

    /** Long enough for a screen of masked rows, short enough that a killed peek does not hide messages for long. */
    private static final int PEEK_HIDDEN_SECONDS = 30;

    /** A long poll of one second asks all of SQS's servers; a short poll asks some of them and may miss messages. */
    private static final int PEEK_WAIT_SECONDS = 1;

    private final SqsConnection connection;

    QueueClient(SqsConnection connection) {
        this.connection = connection;
    }

    /**
     * Creates a queue with SQS's defaults, or finds it if it exists. A name ending in {@code .fifo} makes a FIFO queue.
     *
     * @return its URL, as the service gives it
     */
    public String createQueue(String name) {
        String checked = QueueAddress.checkedName(name);
        Map<QueueAttributeName, String> attributes =
                QueueAddress.isFifo(checked) ? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
        return connection
                .call(
                        "sqs:CreateQueue",
                        sqs -> sqs.createQueue(
                                request -> request.queueName(checked).attributes(attributes)))
                .queueUrl();
    }

    /**
     * Sends each body as one message, in order for a FIFO queue. Reads the bodies while it sends them, so that a file of
     * any size can be sent. A call whose answer is lost is repeated: on a standard queue its messages may then exist twice,
     * with two message ids, which the ledger cannot tell from two events.
     *
     * @param bodies of 1 byte to 1 MiB of UTF-8 each; others are rejected, and the rest is sent
     * @param groupId the message group; required for a FIFO queue, otherwise null. Each message gets a random
     *     deduplication id: two equal lines are two messages
     * @param attributes of each message, texts and numbers
     * @param listener called on this thread after each round of calls
     * @throws InfrastructureException if sending fails midway; the listener then knows what was sent
     */
    public Sent send(Iterator<String> bodies, @Nullable String groupId, Attributes attributes, SendListener listener) {
        if (connection.address().isFifo() != (groupId != null)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    groupId == null
                            ? "A FIFO queue needs a message group: set one."
                            : "A message group is set, but the queue is not a FIFO queue.");
        }
        return new Sender(connection, connection.resolveQueue(), groupId, attributes, listener)
                .send(new SendPlan(bodies, attributes.bytes()));
    }

    /** The same for messages without attributes. */
    public Sent send(Iterator<String> bodies, @Nullable String groupId, SendListener listener) {
        return send(bodies, groupId, Attributes.NONE, listener);
    }

    /**
     * Shows up to {@code count} distinct messages and returns them to the queue. Meanwhile they are hidden from others, 30
     * seconds at most, and each counts as received once more: on a queue with a redrive policy, peeking brings messages
     * closer to the dead-letter queue. Ends early if messages come around again because others receive too.
     *
     * @param count at least 1
     * @param attributes names of the message attributes to receive; empty for none
     * @param consumer called once with what was received, in order of receipt, before it is returned; may throw
     */
    public void peek(int count, List<String> attributes, Consumer<List<Message>> consumer) {
        String queueUrl = connection.resolveQueue();
        ReceivedBatch batch = new ReceivedBatch(count, Long.MAX_VALUE);
        try (Settler settler = new Settler(connection, queueUrl)) {
            try {
                gather(queueUrl, attributes, batch);
                consumer.accept(batch.messages());
            } finally {
                settler.makeVisible(batch.messages());
            }
        }
    }

    /** One call at a time, until the batch is full or a call brings nothing new. */
    private void gather(String queueUrl, List<String> attributes, ReceivedBatch batch) {
        boolean grows = true;
        for (List<Integer> next = batch.nextCalls(1); grows && !next.isEmpty(); next = batch.nextCalls(1)) {
            int size = next.getFirst();
            grows = batch.add(connection
                    .calls()
                    .receive(
                            queueUrl,
                            new MessageCalls.Request(
                                    size,
                                    PEEK_WAIT_SECONDS,
                                    PEEK_HIDDEN_SECONDS,
                                    new ReceivedAttributes(attributes, false))));
        }
    }

    /** The queue's attributes. */
    public QueueAttributes attributes() {
        return QueueAttributes.read(connection, connection.resolveQueue());
    }

    @Override
    public void close() {
        connection.close();
    }

    /**
     * What became of the bodies.
     *
     * @param messages how many were sent
     * @param refused how many cannot be sent; the listener got each
     */
    public record Sent(long messages, long refused) {}

    /**
     * A body that cannot be a message.
     *
     * @param position its place among the bodies, from 1
     * @param code why: EmptyBody, BodyTooLong, or SQS's code, such as InvalidMessageContents
     */
    public record RejectedBody(long position, String code) {}
}
