package dev.sluice.sqs;

import dev.sluice.config.RunSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's source over one SQS queue: the first and the last step of a message's path. Thread-safe. Every failure
 * is an {@link dev.sluice.failure.InfrastructureException}; what was received is returned whatever else failed, and
 * nothing counts as deleted that SQS did not confirm.
 */
final class SqsSource implements Source {

    private final SqsConnection connection;
    private final String queueUrl;
    private final Receiver receiving;
    private final Settler settling;
    private final Duration visibilityTimeout;
    private final @Nullable Duration retention;
    private final boolean fifo;

    SqsSource(SqsConnection connection, String queueUrl, RunSettings run) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.receiving = new Receiver(connection, queueUrl, run, Receiver.GATHERING);
        this.settling = new Settler(connection, queueUrl);
        QueueAttributes attributes = attributes();
        this.visibilityTimeout = requireUsable(attributes.visibilityTimeout());
        this.retention = attributes.retention();
        this.fifo = attributes.fifo() || connection.address().isFifo();
    }

    /** With none, whatever is received is delivered to the next worker too while it is being stored. */
    private static Duration requireUsable(Duration visibilityTimeout) {
        if (visibilityTimeout.isZero()) {
            throw new InfrastructureException(
                    Kind.CONFIG, "The queue's visibility timeout is 0 s; set 30 s or more on the queue.");
        }
        return visibilityTimeout;
    }

    @Override
    public List<Message> receive(Duration patience, Arrivals arrivals) {
        return receiving.receive(patience, arrivals);
    }

    @Override
    public Deletion delete(List<Message> messages) {
        return settling.delete(messages);
    }

    @Override
    public void makeVisible(List<Message> messages) {
        settling.release(messages);
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        return settling.extend(messages, hidden);
    }

    @Override
    public void retryLater(List<Message> messages) {
        settling.postpone(messages);
    }

    @Override
    public Duration visibilityTimeout() {
        return visibilityTimeout;
    }

    @Override
    public Optional<Duration> retention() {
        return Optional.ofNullable(retention);
    }

    @Override
    public boolean isFifo() {
        return fifo;
    }

    @Override
    public Depth depth() {
        return attributes().depth();
    }

    private QueueAttributes attributes() {
        return AttributeReader.read(connection, queueUrl);
    }

    @Override
    public void close() {
        receiving.close();
        settling.close();
        connection.close();
    }
}
