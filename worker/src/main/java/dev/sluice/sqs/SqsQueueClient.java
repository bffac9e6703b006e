package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The command line's way to one queue, which is looked up anew for each command. Thread-safe. */
final class SqsQueueClient implements QueueClient {

    /** The largest page of ListQueues (SQS API reference, MaxResults). */
    private static final int QUEUE_PAGE = 1_000;

    private final SqsConnection connection;

    SqsQueueClient(SqsConnection connection) {
        this.connection = connection;
    }

    @Override
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

    @Override
    public Sent send(Iterator<String> bodies, @Nullable String groupId, LongConsumer progress) {
        if (connection.address().isFifo() != (groupId != null)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    groupId == null
                            ? "A FIFO queue needs a message group: say which."
                            : "A message group is said, but the queue is not a FIFO queue.");
        }
        return new Sender(connection, connection.resolveQueue(), groupId).send(new SendPlan(bodies), progress);
    }

    @Override
    public void peek(int count, Consumer<List<Message>> consumer) {
        new Peeker(connection, connection.resolveQueue()).peek(count, consumer);
    }

    @Override
    public QueueAttributes attributes() {
        return AttributeReader.read(connection, connection.resolveQueue());
    }

    @Override
    public List<String> queueNames() {
        return connection
                .call("sqs:ListQueues", sqs -> sqs.listQueues(request -> request.maxResults(QUEUE_PAGE)))
                .queueUrls()
                .stream()
                .map(url -> url.substring(url.lastIndexOf('/') + 1))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        connection.close();
    }
}
