package dev.sluice.metrics;

import dev.sluice.metrics.Status.Stage;
import dev.sluice.pipeline.ForwardingSource;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.List;

/** A source whose calls are measured. Thread-safe, as the source. */
final class MeasuredSource extends ForwardingSource {

    private final PathMeters meters;

    MeasuredSource(Source source, PathMeters meters) {
        super(source);
        this.meters = meters;
    }

    @Override
    public Received receive(Duration waitTime, Arrivals arrivals) {
        long began = System.nanoTime();
        Received received = super.receive(waitTime, arrivals);
        if (!received.messages().isEmpty()) {
            meters.timed(Stage.RECEIVE, System.nanoTime() - began);
            meters.received(received.messages());
        }
        return received;
    }

    @Override
    public Deletion delete(List<Message> messages) {
        long began = System.nanoTime();
        Deletion deletion = super.delete(messages);
        meters.timed(Stage.SETTLE, System.nanoTime() - began);
        meters.deleted(deletion);
        return deletion;
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        Extension extension = super.extend(messages, hidden);
        meters.extended(messages.size(), extension);
        return extension;
    }
}
