package dev.sluice.metrics;

import dev.sluice.metrics.Reading.Read;
import dev.sluice.metrics.RecoveryRequests.Counts;
import dev.sluice.pipeline.Source.Depth;
import dev.sluice.pipeline.Summary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Metrics that are read when they are asked for, from what the worker counts anyway. */
record WorkerGauges(WorkerMetrics worker) {

    private static final double MILLIS = 1_000.0;

    void register(MeterRegistry registry, SometimesKnown sometimesKnown) {
        build(registry);
        records(registry, "stored", Summary::stored);
        records(registry, "duplicate", Summary::duplicates);
        records(registry, "quarantined", Summary::quarantined);
        records(registry, "released", Summary::released);
        path(registry);
        queue(registry, sometimesKnown);
        requests(sometimesKnown);
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

    private void queue(MeterRegistry registry, SometimesKnown sometimesKnown) {
        sometimesKnown.gauge(
                "sluice.queue.visible.messages", "Messages that wait in the queue", () -> depth(Depth::visible));
        sometimesKnown.gauge(
                "sluice.queue.in.flight.messages",
                "Messages of the queue that any consumer has",
                () -> depth(Depth::inFlight));
        sometimesKnown.gauge(
                "sluice.dead.letter.messages", "Messages that wait in the dead-letter queue", worker::deadLetters);
        gauge(
                registry,
                "sluice.queue.oldest.message.age.seconds",
                "Age of the oldest message in flight or received within a minute; 0 without one",
                one -> one.oldestAgeMillis().orElse(0) / MILLIS);
    }

    private @Nullable Long depth(ToLongFunction<Depth> count) {
        Read<Depth> read = worker.depthRead();
        return read == null ? null : (Long) count.applyAsLong(read.value());
    }

    private void requests(SometimesKnown sometimesKnown) {
        request(sometimesKnown, "granted", Counts::granted);
        request(sometimesKnown, "denied", Counts::denied);
    }

    private void request(SometimesKnown sometimesKnown, String result, ToLongFunction<Counts> count) {
        sometimesKnown.counter(
                "sluice.unmask.requests",
                "Requests to recover values in the audit of this database since the start of this worker",
                "result",
                result,
                () -> {
                    Counts counts = worker.requests();
                    return counts == null ? null : (Long) count.applyAsLong(counts);
                });
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<WorkerMetrics> value) {
        Gauge.builder(name, worker, value).description(description).register(registry);
    }
}
