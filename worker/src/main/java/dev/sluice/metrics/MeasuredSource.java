package dev.sluice.metrics;

import dev.sluice.metrics.Status.Stage;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A source whose calls are measured. Thread-safe, as the source. */
record MeasuredSource(Source source, PathMeters meters) implements Source {

    @Override
    public List<Message> receive(Duration waitTime, Arrivals arrivals) {
        long began = System.nanoTime();
        List<Message> received = source.receive(waitTime, arrivals);
        if (!received.isEmpty()) {
            meters.timed(Stage.RECEIVE, System.nanoTime() - began);
            meters.received(received);
        }
        return received;
    }

    @Override
    public Deletion delete(List<Message> messages) {
        long began = System.nanoTime();
        Deletion deletion = source.delete(messages);
        meters.timed(Stage.SETTLE, System.nanoTime() - began);
        meters.deleted(deletion);
        return deletion;
    }

    @Override
    public void makeVisible(List<Message> messages) {
        source.makeVisible(messages);
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        Extension extension = source.extend(messages, hidden);
        meters.extended(messages.size(), extension);
        return extension;
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
