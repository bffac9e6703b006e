package dev.sluice.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Where meters are registered. Thread-safe. */
final class Registry implements AutoCloseable {

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    MeterRegistry meters() {
        return prometheus;
    }

    String scrape(String contentType) {
        return prometheus.scrape(contentType);
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
