package dev.sluice.sqs;

import dev.sluice.config.RunSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import dev.sluice.sqs.QueueAttributes.DeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The pipeline's source over one SQS queue: the first and the last step of a message's path. Thread-safe. Every failure
 * is an {@link InfrastructureException}. What was received is returned even if other calls fail, and only what SQS
 * confirmed counts as deleted.
 */
final class SqsSource implements Source {

    private final SqsConnection connection;
    private final String queueUrl;
    private final Receiver receiver;
    private final Settler settler;
    private final QueueAttributes opened;

    SqsSource(SqsConnection connection, String queueUrl, ReceivedAttributes attributes, RunSettings run) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.receiver = new Receiver(connection, queueUrl, attributes, run, Receiver.GATHERING);
        this.settler = new Settler(connection, queueUrl);
        this.opened = attributes();
        if (opened.visibilityTimeout().isZero()) {
            // A message would be delivered to the next worker while it is being stored.
            throw new InfrastructureException(
                    Kind.CONFIG, "The queue's visibility timeout is 0 s; set 30 s or more on the queue.");
        }
    }

    @Override
    public Received receive(Duration waitTime, Arrivals arrivals) {
        return receiver.receive(waitTime, arrivals);
    }

    @Override
    public Deletion delete(List<Message> messages) {
        return settler.delete(messages);
    }

    @Override
    public void makeVisible(List<Message> messages) {
        settler.makeVisible(messages);
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        return settler.extend(messages, hidden);
    }

    @Override
    public void retryLater(List<Message> messages) {
        settler.retryLater(messages);
    }

    @Override
    public Duration visibilityTimeout() {
        return opened.visibilityTimeout();
    }

    @Override
    public Optional<Duration> retention() {
        return Optional.ofNullable(opened.retention());
    }

    @Override
    public boolean isFifo() {
        return opened.fifo() || connection.address().isFifo();
    }

    @Override
    public Depth depth() {
        return attributes().depth();
    }

    @Override
    public OptionalLong deadLetters() {
        DeadLetters policy = attributes().deadLetters();
        if (policy == null) {
            return OptionalLong.empty();
        }
        String url = connection
                .call(
                        "sqs:GetQueueUrl",
                        sqs -> sqs.getQueueUrl(request ->
                                request.queueName(policy.queueName()).queueOwnerAWSAccountId(policy.account())))
                .queueUrl();
        return OptionalLong.of(QueueAttributes.read(connection, url).depth().visible());
    }

    private QueueAttributes attributes() {
        return QueueAttributes.read(connection, queueUrl);
    }

    @Override
    public void close() {
        receiver.close();
        settler.close();
        connection.close();
    }
}
