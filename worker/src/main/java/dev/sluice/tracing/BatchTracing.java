package dev.sluice.tracing;

import dev.sluice.config.TelemetrySettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.otlp.Collector;
import dev.sluice.pipeline.BatchObserver;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One trace per batch, by OpenTelemetry's semantic conventions {@value #CONVENTIONS}, of which those of messaging are still
 * in development:
 *
 * <pre>
 * receive QUEUE       client, only if messages came, or if it failed
 *   process QUEUE     consumer, linked to the spans in which the messages were sent
 *     store TABLE     client, one or more
 *     settle QUEUE    client, one or more
 * </pre>
 *
 * <p>Attributes hold names and counts, nothing of an event. Thread-safe: a batch stays on its consumer's thread, and so does
 * its context.
 */
final class BatchTracing implements Tracing {

    static final String CONVENTIONS = "1.37.0";

    /** The collector is given two seconds; the rest is for the SDK's thread. */
    private static final long CLOSE_SECONDS = 3;

    /** The receive of the batch that this thread, a consumer of one worker, is about to process. */
    private static final ThreadLocal<@Nullable Context> RECEIVED = new ThreadLocal<>();

    private final Places places;
    private final Collector collector;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    BatchTracing(TelemetrySettings.Traces settings, Map<String, String> resource, Places places) {
        this.places = places;
        this.collector = new Collector("Traces", settings.endpoint());
        this.provider = SdkTracerProvider.builder()
                .setSampler(Sampler.parentBased(
                        Sampler.traceIdRatioBased(settings.sampler().ratio())))
                .addSpanProcessor(BatchSpanProcessor.builder(new OtlpSpanExporter(collector, resource))
                        .build())
                .build();
        this.tracer = provider.get(SpanRequest.SCOPE);
    }

    @Override
    public Source traced(Source source) {
        return new TracedSource(source, this);
    }

    @Override
    public Sink traced(Sink sink) {
        return new TracedSink(sink, this);
    }

    @Override
    public BatchObserver batches() {
        return this::process;
    }

    /** Receives; a span begins where the call began, since nobody knows before whether there is anything to trace. */
    Source.Received receive(Supplier<Source.Received> call) {
        RECEIVED.remove();
        Instant began = Instant.now();
        try {
            Source.Received received = call.get();
            if (!received.messages().isEmpty()) {
                Span span = receiving(began, received.messages().size());
                RECEIVED.set(Context.root().with(span));
                span.end();
            }
            return received;
        } catch (RuntimeException | Error failure) {
            Span span = receiving(began, 0);
            fail(span, failure);
            span.end();
            throw failure;
        }
    }

    private Span receiving(Instant began, int messages) {
        return messaging("receive", SpanKind.CLIENT, messages)
                .setParent(Context.root())
                .setStartTimestamp(began)
                .startSpan();
    }

    private void process(List<Message> messages, Runnable processing) {
        Context parent = RECEIVED.get();
        RECEIVED.remove();
        if (messages.isEmpty() || parent == null) {
            processing.run();
            return;
        }
        SpanBuilder builder =
                messaging("process", SpanKind.CONSUMER, messages.size()).setParent(parent);
        messages.stream()
                .map(message -> TraceContexts.of(message.trace()))
                .flatMap(Optional::stream)
                .distinct()
                .forEach(builder::addLink);
        within(builder, () -> {
            processing.run();
            return true;
        });
    }

    /** A store or a settlement of the batch that this thread processes; not traced outside of one. */
    <T> T step(SpanBuilder builder, Supplier<T> call) {
        return Span.current().getSpanContext().isValid() ? within(builder, call) : call.get();
    }

    private static <T> T within(SpanBuilder builder, Supplier<T> call) {
        Span span = builder.startSpan();
        try {
            return Context.current().with(span).wrapSupplier(call).get();
        } catch (RuntimeException | Error failure) {
            fail(span, failure);
            throw failure;
        } finally {
            span.end();
        }
    }

    /** The kind of the failure; its message may come from a server. */
    static void fail(Span span, Throwable failure) {
        fail(
                span,
                failure instanceof InfrastructureException known
                        ? known.kind().name().toLowerCase(Locale.ROOT)
                        : failure.getClass().getSimpleName());
    }

    static void fail(Span span, String type) {
        span.setAttribute("error.type", type).setStatus(StatusCode.ERROR);
    }

    /** @param operation also its type: SQS's own names would be those of several calls */
    SpanBuilder messaging(String operation, SpanKind kind, int messages) {
        SpanBuilder span = tracer.spanBuilder(operation + " " + places.queue())
                .setSpanKind(kind)
                .setAttribute("messaging.system", "aws_sqs")
                .setAttribute("messaging.operation.name", operation)
                .setAttribute("messaging.operation.type", operation)
                .setAttribute("messaging.destination.name", places.queue())
                .setAttribute("messaging.batch.message_count", messages);
        return places.queueUrl() == null
                ? span
                : span.setAttribute("aws.sqs.queue.url", places.queueUrl().toString());
    }

    SpanBuilder storing(int records) {
        return tracer.spanBuilder("store " + places.table())
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("db.system.name", "postgresql")
                .setAttribute("db.collection.name", places.table())
                .setAttribute("db.operation.name", "store")
                .setAttribute("db.operation.batch.size", records);
    }

    @Override
    public void close() {
        collector.finish();
        provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
        collector.close();
    }
}
