package dev.sluice.metrics;

import dev.sluice.config.TelemetrySettings;
import dev.sluice.otlp.Collector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends the meters of a registry to an OpenTelemetry collector, at an interval and once at the end. Counts are those since
 * the start (cumulative), so that a request that is lost loses nothing. Thread-safe.
 */
final class OtlpExport implements AutoCloseable {

    private final Collector collector;
    private final OtlpMeterRegistry registry;

    /** Begins to send. */
    OtlpExport(TelemetrySettings.Metrics settings, Map<String, String> resource) {
        this.collector = new Collector("Metrics", settings.endpoint());
        this.registry = OtlpMeterRegistry.builder(new Config(settings, resource))
                .metricsSender(request -> collector.send(request.getMetricsData()))
                .threadFactory(Thread.ofVirtual().name("otlp-metrics").factory())
                .build();
    }

    MeterRegistry meters() {
        return registry;
    }

    /** Sends what was counted last, for two seconds at most. */
    @Override
    public void close() {
        collector.finish();
        registry.close();
        collector.close();
    }

    /**
     * Micrometer's own defaults read the environment of the process, by rules that differ from the specification's.
     *
     * @param resource what the worker is
     */
    private record Config(TelemetrySettings.Metrics settings, Map<String, String> resource) implements OtlpConfig {

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return settings.endpoint().url().toString();
        }

        @Override
        public Duration step() {
            return settings.interval();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            return resource;
        }

        /** The collector has them. */
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public AggregationTemporality aggregationTemporality() {
            return AggregationTemporality.CUMULATIVE;
        }

        @Override
        public HistogramFlavor histogramFlavor() {
            return HistogramFlavor.EXPLICIT_BUCKET_HISTOGRAM;
        }

        @Override
        public CompressionMode compressionMode() {
            return CompressionMode.NONE;
        }

        /** As at {@code /metrics}. */
        @Override
        public TimeUnit baseTimeUnit() {
            return TimeUnit.SECONDS;
        }
    }
}
