package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.config.SettingsReader;
import dev.sluice.docs.MetricsTable;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.otlp.CollectorServer;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of real runs, as an OpenTelemetry collector gets them. */
@Timeout(120)
class MetricsExportIT {

    private static final List<String> CLEAR = List.of("canary-user", "198.51.100.77", "593-47-5928", "de_CANARY");

    private static final String MESSAGE =
            "{\"user_id\":\"canary-user\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"198.51.100.77\","
                    + "\"locale\":\"de_CANARY\",\"device_id\":\"593-47-5928\"}";

    private static Worker open(Playground playground) {
        return Worker.open(new Assembly(SettingsReader.read(Map.of(), null, playground.environment())));
    }

    private static void drain(Worker worker) {
        worker.run(RunMode.until(false, 1L, Duration.ofSeconds(10)), new ShutdownSignal());
    }

    private static Stream<ResourceMetrics> sent(CollectorServer collector) {
        return collector.requests().stream().flatMap(request -> request.metrics().getResourceMetricsList().stream());
    }

    /** The last of each name. */
    private static Map<String, Metric> metrics(CollectorServer collector) {
        return sent(collector)
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .collect(Collectors.toMap(Metric::getName, metric -> metric, (one, later) -> later, TreeMap::new));
    }

    private static Map<String, String> resource(CollectorServer collector) {
        return sent(collector).findFirst().orElseThrow().getResource().getAttributesList().stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, entry -> entry.getValue().getStringValue()));
    }

    @Test
    void sendsEveryDocumentedMetricAndLeavesTheScrapeAsItIs(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(MESSAGE, "{"));
        try (CollectorServer collector = CollectorServer.start()) {
            playground
                    .set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
                    .set("OTEL_EXPORTER_OTLP_HEADERS", "api-key=canary%2D4711")
                    .set("OTEL_METRIC_EXPORT_INTERVAL", "500")
                    .set("OTEL_SERVICE_NAME", "logins")
                    .set("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
            try (Worker worker = open(playground)) {
                drain(worker);
                await().until(() -> metrics(collector).containsKey("sluice.unmask.requests")
                        && metrics(collector).containsKey("sluice.queue.visible.messages"));
                MetricsTable.read().hold(worker.figures().scrape("").text());
            }

            MetricsTable.read().holdOtlp(metrics(collector));
            assertThat(collector.requests()).allSatisfy(request -> {
                assertThat(request.path()).isEqualTo("/v1/metrics");
                assertThat(request.headers().getFirst("api-key")).isEqualTo("canary-4711");
            });
            assertThat(resource(collector))
                    .containsEntry("service.name", "logins")
                    .containsEntry("deployment.environment.name", "test")
                    .containsKeys("service.version", "service.instance.id");
            assertShowsNoValue(collector);
        }
    }

    private static void assertShowsNoValue(CollectorServer collector) {
        assertThat(collector.requests()).isNotEmpty().allSatisfy(request -> assertThat(
                        new String(request.body(), StandardCharsets.ISO_8859_1))
                .doesNotContain(CLEAR));
    }

    /** A job of some seconds ends long before its first interval. */
    @Test
    void sendsTheLastFiguresWhenTheRunEnds(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(MESSAGE, MESSAGE, "{"));
        try (CollectorServer collector = CollectorServer.start()) {
            playground.set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", collector.endpoint() + "/ingest");
            playground.sluice("run", "--until-empty").succeeded();

            assertThat(collector.requests()).hasSize(1);
            assertThat(collector.requests().getFirst().path()).isEqualTo("/ingest");
            Map<String, Double> records =
                    Objects.requireNonNull(metrics(collector).get("sluice.records"))
                            .getSum()
                            .getDataPointsList()
                            .stream()
                            .collect(Collectors.toMap(
                                    point -> point.getAttributes(0).getValue().getStringValue(),
                                    point -> point.getAsDouble()));
            assertThat(records).containsEntry("stored", 2.0).containsEntry("quarantined", 1.0);
        }
    }

    @Test
    void sendsNothingUnlessItIsAsked(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(MESSAGE));
        try (CollectorServer collector = CollectorServer.start()) {
            playground
                    .set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
                    .set("OTEL_METRICS_EXPORTER", "none")
                    .sluice("run", "--until-empty")
                    .succeeded();

            assertThat(collector.requests()).isEmpty();
        }
    }

    @Test
    void aCollectorThatHangsOrFailsDisturbsNothing(@TempDir Path folder) throws IOException {
        Playground playground = Playground.ready(folder);
        playground.set("OTEL_METRIC_EXPORT_INTERVAL", "100").set("OTEL_EXPORTER_OTLP_TIMEOUT", "600000");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                CollectorServer failing = CollectorServer.start()) {
            failing.status = 500;
            for (String endpoint : List.of("http://127.0.0.1:" + silent.getLocalPort(), failing.endpoint())) {
                playground.send(List.of(MESSAGE, MESSAGE));
                Ran ran = playground
                        .set("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
                        .sluice("run", "--for", "2s", "--output", "json")
                        .succeeded();

                assertThat(ran.out()).contains("\"stored\":2");
                assertThat(ran.err()
                                .lines()
                                .filter(line -> line.contains("WARN") && !line.contains("keys are in clear text")))
                        .singleElement()
                        .asString()
                        .contains("Metrics do not reach the collector at 127.0.0.1:");
                assertThat(ran.err()).doesNotContain(CollectorServer.ANSWER).doesNotContain("Exception");
            }
        }
    }

    @Test
    void refusesGrpcBeforeItReceives(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground
                .set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")
                .set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");

        for (Ran ran : List.of(playground.sluice("run", "--until-empty"), playground.sluice("config", "validate"))) {
            assertThat(ran.exitCode()).isEqualTo(78);
            assertThat(ran.err()).contains("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf was expected");
        }
        Ran doctor = playground.sluice("doctor");
        assertThat(doctor.exitCode()).isEqualTo(78);
        assertThat(doctor.out()).contains("collector", "http/protobuf was expected");
        playground.sluice("keys", "list").succeeded();
    }
}
