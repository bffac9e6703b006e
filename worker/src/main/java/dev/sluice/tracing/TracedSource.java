package dev.sluice.tracing;

import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A source whose receives and deletes are traced. Thread-safe, as the source. */
record TracedSource(Source source, BatchTracing tracing) implements Source {

    @Override
    public List<Message> receive(Duration waitTime, Arrivals arrivals) {
        return tracing.receive(() -> source.receive(waitTime, arrivals));
    }

    @Override
    public Deletion delete(List<Message> messages) {
        return tracing.step(tracing.messaging("settle", SpanKind.CLIENT, messages.size()), () -> {
            Deletion deletion = source.delete(messages);
            if (deletion.failure() != null) {
                BatchTracing.fail(Span.current(), deletion.failure());
            } else if (!deletion.open().isEmpty() || !deletion.lost().isEmpty()) {
                BatchTracing.fail(Span.current(), "undeleted");
            }
            return deletion;
        });
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
