package dev.sluice.tracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SettingsReader;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attributes;
import dev.sluice.otlp.CollectorServer;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.TraceHeaders;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTracingTest {

    private static final Places PLACES = new Places("login-queue", null, "user_logins");

    private static BatchTracing tracing(String endpoint, String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "OTEL_TRACES_EXPORTER", "otlp",
                "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint,
                "OTEL_EXPORTER_OTLP_TIMEOUT", "600000"));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return (BatchTracing)
                Tracing.open(SettingsReader.read(Map.of(), null, environment).telemetry(), PLACES);
    }

    private static Message message(int id) {
        return new Message(
                "m" + id,
                "r",
                Instant.EPOCH,
                1,
                "canary-4711".getBytes(StandardCharsets.UTF_8),
                Attributes.NONE,
                new TraceHeaders("00-%032x-%016x-01".formatted(id + 1, id + 1), null));
    }

    private static Map<String, Span> spans(CollectorServer collector) {
        return collector.requests().stream()
                .flatMap(request -> request.traces().getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .collect(Collectors.toMap(Span::getName, span -> span));
    }

    private static Span span(CollectorServer collector, String name) {
        return requireNonNull(spans(collector).get(name), name);
    }

    private static String errorType(Span span) {
        assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(span.getStatus().getMessage()).isEmpty();
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("error.type"))
                .map(attribute -> attribute.getValue().getStringValue())
                .collect(Collectors.joining());
    }

    private static void batch(BatchTracing tracing, List<Message> messages, Runnable processing) {
        tracing.receive(() -> new Source.Received(messages, false));
        tracing.batches().process(messages, processing);
    }

    @Test
    void linksAHundredAndTwentyEightMessagesAndCountsTheOthers() {
        try (CollectorServer collector = CollectorServer.start()) {
            try (BatchTracing tracing = tracing(collector.endpoint())) {
                List<Message> messages = IntStream.range(0, 130)
                        .mapToObj(BatchTracingTest::message)
                        .toList();
                batch(tracing, messages, () -> {});
            }

            Span process = span(collector, "process login-queue");
            assertThat(process.getLinksCount()).isEqualTo(128);
            assertThat(process.getDroppedLinksCount()).isEqualTo(2);
        }
    }

    @Test
    void aSpanThatLinksManyMessagesOfOneSenderLinksItOnce() {
        try (CollectorServer collector = CollectorServer.start()) {
            try (BatchTracing tracing = tracing(collector.endpoint())) {
                batch(tracing, List.of(message(1), message(1), message(2)), () -> {});
            }

            assertThat(span(collector, "process login-queue").getLinksCount()).isEqualTo(2);
        }
    }

    @Test
    void namesTheKindOfAFailureAndNotItsMessage() {
        InfrastructureException failure = new InfrastructureException(Kind.TRANSIENT, "canary-4711");
        Sink failing = new Sink() {
            @Override
            public List<Settlement> store(List<MappedRecord> records) {
                throw failure;
            }

            @Override
            public void probe() {}

            @Override
            public void close() {}
        };
        try (CollectorServer collector = CollectorServer.start()) {
            try (BatchTracing tracing = tracing(collector.endpoint())) {
                assertThatThrownBy(() -> batch(tracing, List.of(message(1)), () -> tracing.traced(failing)
                                .store(List.of())))
                        .isSameAs(failure);
            }

            assertThat(spans(collector))
                    .containsOnlyKeys("receive login-queue", "process login-queue", "store user_logins");
            assertThat(errorType(span(collector, "store user_logins"))).isEqualTo("transient");
            assertThat(errorType(span(collector, "process login-queue"))).isEqualTo("transient");
            assertThat(collector.requests())
                    .allSatisfy(request -> assertThat(new String(request.body(), StandardCharsets.ISO_8859_1))
                            .doesNotContain("canary"));
        }
    }

    @Test
    void tracesAReceiveThatFailsAndNoneThatBringsNothing() {
        try (CollectorServer collector = CollectorServer.start()) {
            try (BatchTracing tracing = tracing(collector.endpoint())) {
                batch(tracing, List.of(), () -> {});
                InfrastructureException denied = new InfrastructureException(Kind.NOT_PERMITTED, "denied");
                assertThatThrownBy(() -> tracing.receive(() -> {
                            throw denied;
                        }))
                        .isSameAs(denied);
            }

            assertThat(spans(collector)).containsOnlyKeys("receive login-queue");
            assertThat(errorType(span(collector, "receive login-queue"))).isEqualTo("not_permitted");
        }
    }

    @Test
    void sendsNothingOfBatchesThatAreNotSampled() {
        try (CollectorServer collector = CollectorServer.start()) {
            try (BatchTracing tracing = tracing(collector.endpoint(), "OTEL_TRACES_SAMPLER", "always_off")) {
                batch(tracing, List.of(message(1)), () -> {});
            }

            assertThat(collector.requests()).isEmpty();
        }
    }

    @Test
    void changesNothingOfThePathWhileItIsOff() {
        Tracing off = Tracing.open(
                SettingsReader.read(Map.of(), null, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"))
                        .telemetry(),
                PLACES);

        assertThat(off).isSameAs(Tracing.OFF);
    }

    /** With a timeout of ten minutes. */
    @Test
    void theEndWaitsForNoCollectorThatHangs() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BatchTracing tracing = tracing("http://127.0.0.1:" + silent.getLocalPort());
            batch(tracing, List.of(message(1)), () -> {});
            tracing.close();
        }
    }
}
