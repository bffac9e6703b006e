package dev.sluice.tracing;

import dev.sluice.pipeline.ForwardingSource;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.util.List;

/** A source whose receives and deletes are traced. Thread-safe, as the source. */
final class TracedSource extends ForwardingSource {

    private final BatchTracing tracing;

    TracedSource(Source source, BatchTracing tracing) {
        super(source);
        this.tracing = tracing;
    }

    @Override
    public Received receive(Duration waitTime, Arrivals arrivals) {
        return tracing.receive(() -> super.receive(waitTime, arrivals));
    }

    @Override
    public Deletion delete(List<Message> messages) {
        return tracing.step(tracing.messaging("settle", SpanKind.CLIENT, messages.size()), () -> {
            Deletion deletion = super.delete(messages);
            if (deletion.failure() != null) {
                BatchTracing.fail(Span.current(), deletion.failure());
            } else if (!deletion.open().isEmpty() || !deletion.lost().isEmpty()) {
                BatchTracing.fail(Span.current(), "undeleted");
            }
            return deletion;
        });
    }
}
