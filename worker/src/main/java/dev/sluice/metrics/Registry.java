package dev.sluice.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where meters are registered, with those of the JVM: for scrapes, and for a collector if there is one. Thread-safe. */
final class Registry implements AutoCloseable {

    /** Of the JVM's and the system's: what a series per memory pool or thread state costs is not worth what it tells. */
    private static final Set<String> LEFT_OUT = Set.of(
            "jvm.memory.max",
            "jvm.memory.committed",
            "jvm.buffer.count",
            "jvm.buffer.memory.used",
            "jvm.buffer.total.capacity",
            "jvm.gc.concurrent.phase.time",
            "jvm.gc.memory.allocated",
            "jvm.gc.memory.promoted",
            "jvm.threads.states",
            "jvm.threads.started",
            "jvm.threads.peak",
            "process.start.time");

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final @Nullable OtlpExport export;
    private final MeterRegistry meters;

    /** @param export which is closed with this; null for none */
    Registry(@Nullable OtlpExport export) {
        this.export = export;
        // Without a collector, nobody pays for a second registry.
        this.meters = export == null ? prometheus : both(prometheus, export.meters());
        meters.config()
                .meterFilter(MeterFilter.deny(id -> LEFT_OUT.contains(id.getName())))
                .meterFilter(MeterFilter.deny(Registry::isOfCompiledCode))
                .meterFilter(MeterFilter.ignoreTags("cause"));
        new JvmMemoryMetrics().bindTo(meters);
        collections.bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
    }

    private static MeterRegistry both(MeterRegistry one, MeterRegistry other) {
        return new CompositeMeterRegistry().add(one).add(other);
    }

    /** Three pools of the compiler, whose size nobody sets. */
    private static boolean isOfCompiledCode(Meter.Id id) {
        String pool = id.getTag("id");
        return id.getName().equals("jvm.memory.used") && pool != null && pool.startsWith("CodeHeap");
    }

    MeterRegistry meters() {
        return meters;
    }

    String scrape(String contentType) {
        return prometheus.scrape(contentType);
    }

    @Override
    public void close() {
        collections.close();
        if (export != null) {
            export.close();
        }
        meters.close();
    }
}
