package dev.sluice.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A source in front of another, to which it passes every call that a subclass does not override. */
public abstract class ForwardingSource implements Source {

    private final Source source;

    /** @param source closed with this one */
    protected ForwardingSource(Source source) {
        this.source = source;
    }

    @Override
    public Received receive(Duration waitTime, Arrivals arrivals) {
        return source.receive(waitTime, arrivals);
    }

    @Override
    public Deletion delete(List<Message> messages) {
        return source.delete(messages);
    }

    @Override
    public void makeVisible(List<Message> messages) {
        source.makeVisible(messages);
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        return source.extend(messages, hidden);
    }

    @Override
    public void retryLater(List<Message> messages) {
        source.retryLater(messages);
    }

    @Override
    public Duration visibilityTimeout() {
        return source.visibilityTimeout();
    }

    @Override
    public Optional<Duration> retention() {
        return source.retention();
    }

    @Override
    public boolean isFifo() {
        return source.isFifo();
    }

    @Override
    public Depth depth() {
        return source.depth();
    }

    @Override
    public OptionalLong deadLetters() {
        return source.deadLetters();
    }

    @Override
    public void close() {
        source.close();
    }
}
