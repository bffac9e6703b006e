package dev.sluice.config;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a worker sends to an OpenTelemetry collector, read from the variables that the OpenTelemetry specification names
 * ("Environment Variable Specification" and "OpenTelemetry Protocol Exporter", version 1.50.0).
 *
 * @param resource what the worker is, by attribute; at least {@code service.name}
 * @param metrics how metrics are sent; null if they are not, which is the default
 * @param traces how traces are sent; null if they are not, which is the default
 */
public record TelemetrySettings(Map<String, String> resource, @Nullable Metrics metrics, @Nullable Traces traces) {

    /** Copies the attributes. */
    public TelemetrySettings {
        resource = Map.copyOf(resource);
    }

    /**
     * Where one signal is sent, by OTLP over HTTP with protobuf.
     *
     * @param url with its path
     * @param headers sent with each request, often with a key; they go over https, or to this machine
     * @param timeout for one request, until its answer is complete
     */
    public record Endpoint(URI url, Map<String, String> headers, Duration timeout) {

        /** Copies the headers. */
        public Endpoint {
            headers = Map.copyOf(headers);
        }

        /** Host and port. */
        public String name() {
            return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        }

        /** Without the headers. */
        @Override
        public String toString() {
            return "Endpoint[" + url + "]";
        }
    }

    /**
     * How metrics are sent.
     *
     * @param interval between two requests
     */
    public record Metrics(Endpoint endpoint, Duration interval) {}

    /**
     * How traces are sent.
     *
     * @param sampler which of them
     */
    public record Traces(Endpoint endpoint, Sampler sampler) {}

    /**
     * Which traces are sent. A batch begins its own trace, so a sampler that asks a parent first decides as one that does
     * not.
     *
     * @param ratio of all traces, from 0 to 1
     */
    public record Sampler(double ratio) {}

    /** The same, with an attribute of the resource unless the operator has set it. */
    public TelemetrySettings withDefault(String attribute, String value) {
        Map<String, String> all = new TreeMap<>(resource);
        all.putIfAbsent(attribute, value);
        return new TelemetrySettings(all, metrics, traces);
    }
}
