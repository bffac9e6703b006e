package dev.sluice.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;

/** Where meters are registered, with those of the JVM. Thread-safe. */
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

    Registry() {
        prometheus.config().meterFilter(MeterFilter.deny(id -> LEFT_OUT.contains(id.getName())));
        prometheus.config().meterFilter(MeterFilter.deny(Registry::isOfCompiledCode));
        prometheus.config().meterFilter(MeterFilter.ignoreTags("cause"));
        new JvmMemoryMetrics().bindTo(prometheus);
        collections.bindTo(prometheus);
        new JvmThreadMetrics().bindTo(prometheus);
        new ProcessorMetrics().bindTo(prometheus);
        new FileDescriptorMetrics().bindTo(prometheus);
        new UptimeMetrics().bindTo(prometheus);
    }

    /** Three pools of the compiler, whose size nobody sets. */
    private static boolean isOfCompiledCode(Meter.Id id) {
        String pool = id.getTag("id");
        return id.getName().equals("jvm.memory.used") && pool != null && pool.startsWith("CodeHeap");
    }

    MeterRegistry meters() {
        return prometheus;
    }

    String scrape(String contentType) {
        return prometheus.scrape(contentType);
    }

    @Override
    public void close() {
        collections.close();
        prometheus.close();
    }
}
