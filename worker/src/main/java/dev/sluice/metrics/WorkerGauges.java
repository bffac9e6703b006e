package dev.sluice.metrics;

import dev.sluice.pipeline.Source.Depth;
import dev.sluice.pipeline.Summary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Metrics that are read when they are asked for, from what the worker counts anyway. What is not known is NaN. */
record WorkerGauges(WorkerMetrics worker) {

    private static final double MILLIS = 1_000.0;

    void register(MeterRegistry registry) {
        build(registry);
        records(registry, "stored", Summary::stored);
        records(registry, "duplicate", Summary::duplicates);
        records(registry, "quarantined", Summary::quarantined);
        records(registry, "released", Summary::released);
        path(registry);
        queue(registry);
    }

    private void build(MeterRegistry registry) {
        Gauge.builder("sluice.build.info", () -> 1)
                .description("Always 1; the version is the label")
                .tag("version", worker.about().version())
                .register(registry);
    }

    private void records(MeterRegistry registry, String outcome, ToLongFunction<Summary> count) {
        FunctionCounter.builder(
                        "sluice.records",
                        worker,
                        one -> count.applyAsLong(one.counters().summary()))
                .description("Records by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    private void path(MeterRegistry registry) {
        gauge(registry, "sluice.in.flight.records", "Records received and not yet settled", one -> one.vitals()
                .load()
                .records());
        gauge(registry, "sluice.in.flight.bytes", "Bytes of their bodies", one -> one.vitals()
                .load()
                .bytes());
        gauge(
                registry,
                "sluice.committed.undeleted",
                "Messages in flight that are committed and could not be deleted so far",
                one -> one.vitals().load().undeleted());
        gauge(
                registry,
                "sluice.circuit.open",
                "1 while an outage keeps the worker from receiving",
                one -> one.vitals().circuit().isPresent() ? 1 : 0);
        gauge(
                registry,
                "sluice.last.commit.timestamp.seconds",
                "When records were last committed; the start, before the first time",
                one -> one.lastCommitOrStart().toEpochMilli() / MILLIS);
        FunctionCounter.builder(
                        "sluice.visibility.expired", worker, one -> one.vitals().expired())
                .description("Messages whose visibility timeout ended before they could be stored")
                .register(registry);
    }

    private void queue(MeterRegistry registry) {
        depth(registry, "sluice.queue.visible.messages", "Messages that wait in the queue", Depth::visible);
        depth(
                registry,
                "sluice.queue.in.flight.messages",
                "Messages of the queue that any consumer has",
                Depth::inFlight);
        gauge(
                registry,
                "sluice.queue.oldest.message.age.seconds",
                "Age of the oldest message in flight or received within a minute; 0 without one",
                one -> one.oldestAgeMillis().orElse(0) / MILLIS);
    }

    private void depth(MeterRegistry registry, String name, String description, ToLongFunction<Depth> count) {
        gauge(registry, name, description, one -> {
            Depth depth = one.depthRead();
            return depth == null ? Double.NaN : count.applyAsLong(depth);
        });
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<WorkerMetrics> value) {
        Gauge.builder(name, worker, value).description(description).register(registry);
    }
}
