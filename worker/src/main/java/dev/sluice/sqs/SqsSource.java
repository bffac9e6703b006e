package dev.sluice.sqs;

import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.List;

/**
 * The pipeline's source over one SQS queue: the first and the last step of a message's path. Thread-safe. Every failure
 * is an {@link dev.sluice.pipeline.InfrastructureException}; what was received is returned whatever else failed, and
 * nothing counts as deleted that SQS did not confirm.
 */
final class SqsSource implements Source {

    private final SqsConnection connection;
    private final String queueUrl;
    private final Receiving receiving;
    private final Settling settling;

    SqsSource(SqsConnection connection, String queueUrl, SqsSettings settings) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.receiving = new Receiving(connection, queueUrl, settings, Receiving.GATHERING);
        this.settling = new Settling(connection, queueUrl);
    }

    @Override
    public List<Message> receive(Duration patience) {
        return receiving.receive(patience);
    }

    @Override
    public int delete(List<Message> messages) {
        return settling.delete(messages);
    }

    @Override
    public void release(List<Message> messages) {
        settling.release(messages);
    }

    @Override
    public Depth depth() {
        return Attributes.depth(connection
                .call(
                        "sqs:GetQueueAttributes",
                        sqs -> sqs.getQueueAttributes(
                                request -> request.queueUrl(queueUrl).attributeNames(Attributes.COUNTS)))
                .attributes());
    }

    @Override
    public void close() {
        receiving.close();
        settling.close();
        connection.close();
    }
}
