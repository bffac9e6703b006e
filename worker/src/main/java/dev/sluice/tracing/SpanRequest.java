package dev.sluice.tracing;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Finished spans as a request of OTLP 1.10.0 (trace_service.proto). Writes what our spans have: texts and whole numbers,
 * links, no events. Stateless.
 */
final class SpanRequest {

    /** Of the tracer, and of the request. */
    static final String SCOPE = "dev.sluice";

    /** Which names the attributes have (OpenTelemetry, Telemetry Schemas). */
    private static final String SCHEMA = "https://opentelemetry.io/schemas/" + BatchTracing.CONVENTIONS;

    private static final HexFormat HEX = HexFormat.of();

    private SpanRequest() {}

    static byte[] of(Collection<SpanData> spans, Map<String, String> resource) {
        Resource.Builder service = Resource.newBuilder();
        resource.forEach((key, value) -> service.addAttributes(text(key, value)));
        ScopeSpans.Builder ours = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder().setName(SCOPE))
                .setSchemaUrl(SCHEMA);
        spans.forEach(span -> ours.addSpans(span(span)));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(service).addScopeSpans(ours))
                .build()
                .toByteArray();
    }

    private static Span span(SpanData data) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(bytes(data.getTraceId()))
                .setSpanId(bytes(data.getSpanId()))
                .setFlags(data.getSpanContext().getTraceFlags().asByte())
                .setName(data.getName())
                .setKind(kind(data))
                .setStartTimeUnixNano(data.getStartEpochNanos())
                .setEndTimeUnixNano(data.getEndEpochNanos())
                .addAllAttributes(attributes(data.getAttributes()))
                .setDroppedLinksCount(
                        data.getTotalRecordedLinks() - data.getLinks().size());
        if (data.getParentSpanContext().isValid()) {
            span.setParentSpanId(bytes(data.getParentSpanId()));
        }
        if (data.getStatus().getStatusCode() == StatusCode.ERROR) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
        }
        data.getLinks().forEach(link -> span.addLinks(link(link)));
        return span.build();
    }

    private static Span.SpanKind kind(SpanData data) {
        return switch (data.getKind()) {
            case INTERNAL -> Span.SpanKind.SPAN_KIND_INTERNAL;
            case SERVER -> Span.SpanKind.SPAN_KIND_SERVER;
            case CLIENT -> Span.SpanKind.SPAN_KIND_CLIENT;
            case PRODUCER -> Span.SpanKind.SPAN_KIND_PRODUCER;
            case CONSUMER -> Span.SpanKind.SPAN_KIND_CONSUMER;
        };
    }

    private static Span.Link link(LinkData link) {
        SpanContext context = link.getSpanContext();
        return Span.Link.newBuilder()
                .setTraceId(bytes(context.getTraceId()))
                .setSpanId(bytes(context.getSpanId()))
                .setFlags(context.getTraceFlags().asByte())
                .build();
    }

    private static List<KeyValue> attributes(Attributes attributes) {
        return attributes.asMap().entrySet().stream()
                .map(entry -> attribute(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static KeyValue attribute(AttributeKey<?> key, Object value) {
        return value instanceof Long number
                ? KeyValue.newBuilder()
                        .setKey(key.getKey())
                        .setValue(AnyValue.newBuilder().setIntValue(number))
                        .build()
                : text(key.getKey(), value.toString());
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HEX.parseHex(hex));
    }
}
