package dev.sluice.tracing;

import dev.sluice.otlp.Collector;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Map;

/**
 * Sends finished spans, on the thread of the SDK's batches. Those that are not delivered are dropped; the collector's log
 * line says so once.
 */
record OtlpSpanExporter(Collector collector, Map<String, String> resource) implements SpanExporter {

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        collector.send(SpanRequest.of(spans, resource));
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    /** No attribute. */
    @Override
    public String toString() {
        return "OtlpSpanExporter";
    }
}
