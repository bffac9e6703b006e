package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.otlp.CollectorServer;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The traces of real runs, as an OpenTelemetry collector gets them. */
@Timeout(120)
class TracingIT {

    private static final String MESSAGE =
            "{\"user_id\":\"canary-user\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"198.51.100.77\","
                    + "\"locale\":\"de_CANARY\",\"device_id\":\"593-47-5928\"}";

    private static final String W3C_TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String X_RAY_TRACE = "5759e988bd862e3fe1be46a994272793";
    private static final String SPAN = "53995c3f42cd8ad8";

    private static void send(Playground playground, String traceparent, String awsTraceHeader) {
        try (SqsClient sqs = SqsClient.builder()
                .endpointOverride(Playground.sqsEndpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build()) {
            String url = sqs.getQueueUrl(request -> request.queueName(playground.queue))
                    .queueUrl();
            SendMessageRequest.Builder message =
                    SendMessageRequest.builder().queueUrl(url).messageBody(MESSAGE);
            if (!traceparent.isEmpty()) {
                message.messageAttributes(Map.of(
                        "traceparent",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(traceparent)
                                .build()));
            }
            if (!awsTraceHeader.isEmpty()) {
                message.messageSystemAttributes(Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue(awsTraceHeader)
                                .build()));
            }
            sqs.sendMessage(message.build());
        }
    }

    private static Map<String, Span> spans(CollectorServer collector) {
        return collector.requests().stream()
                .flatMap(request -> request.traces().getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .collect(Collectors.toMap(Span::getName, span -> span, (one, later) -> later));
    }

    private static Map<String, String> attributes(Span span) {
        return new TreeMap<>(span.getAttributesList().stream()
                .collect(Collectors.toMap(
                        attribute -> attribute.getKey(),
                        attribute -> attribute.getValue().hasIntValue()
                                ? Long.toString(attribute.getValue().getIntValue())
                                : attribute.getValue().getStringValue())));
    }

    @Test
    void aBatchIsATraceThatIsLinkedToThoseOfItsSenders(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        send(playground, "00-" + W3C_TRACE + "-" + SPAN + "-01", "");
        send(playground, "", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=" + SPAN + ";Sampled=1");
        send(playground, "canary-4711", "");
        String url = Playground.sqsEndpoint() + "/000000000000/" + playground.queue;
        try (CollectorServer collector = CollectorServer.start()) {
            playground
                    .set("SLUICE_QUEUE", url)
                    .set("OTEL_TRACES_EXPORTER", "otlp")
                    .set("OTEL_METRICS_EXPORTER", "none")
                    .set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
                    .set("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=4711");
            assertThat(playground
                            .sluice("run", "--max-batches", "1", "--output", "json")
                            .succeeded()
                            .out())
                    .contains("\"stored\":3");

            assertThat(collector.requests()).isNotEmpty().allSatisfy(request -> {
                assertThat(request.path()).isEqualTo("/v1/traces");
                assertThat(request.headers().getFirst("api-key")).isEqualTo("4711");
                assertThat(new String(request.body(), StandardCharsets.ISO_8859_1))
                        .doesNotContain("canary", "198.51.100.77", "593-47-5928", "CANARY");
            });
            assertThat(collector
                            .requests()
                            .getFirst()
                            .traces()
                            .getResourceSpans(0)
                            .getScopeSpans(0)
                            .getSchemaUrl())
                    .as("the version of the conventions that docs/observe.md names")
                    .isEqualTo("https://opentelemetry.io/schemas/1.37.0");
            Map<String, Span> spans = spans(collector);
            String queue = playground.queue;
            assertThat(spans)
                    .containsOnlyKeys("receive " + queue, "process " + queue, "store user_logins", "settle " + queue);
            Span receive = requireNonNull(spans.get("receive " + queue));
            Span process = requireNonNull(spans.get("process " + queue));
            Span store = requireNonNull(spans.get("store user_logins"));
            Span settle = requireNonNull(spans.get("settle " + queue));
            assertThat(spans.values())
                    .allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(receive.getTraceId()));
            assertThat(receive.getParentSpanId().isEmpty()).isTrue();
            assertThat(process.getParentSpanId()).isEqualTo(receive.getSpanId());
            assertThat(store.getParentSpanId()).isEqualTo(process.getSpanId());
            assertThat(settle.getParentSpanId()).isEqualTo(process.getSpanId());
            assertThat(process.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
            assertThat(receive.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(process.getLinksList())
                    .extracting(
                            link -> HexFormat.of().formatHex(link.getTraceId().toByteArray()))
                    .containsExactlyInAnyOrder(W3C_TRACE, X_RAY_TRACE);
            assertThat(process.getLinksList())
                    .extracting(
                            link -> HexFormat.of().formatHex(link.getSpanId().toByteArray()))
                    .containsOnly(SPAN);
            assertThat(attributes(process))
                    .isEqualTo(Map.of(
                            "messaging.system", "aws_sqs",
                            "messaging.operation.name", "process",
                            "messaging.operation.type", "process",
                            "messaging.destination.name", queue,
                            "messaging.batch.message_count", "3",
                            "aws.sqs.queue.url", url));
            assertThat(attributes(store))
                    .isEqualTo(Map.of(
                            "db.system.name", "postgresql",
                            "db.collection.name", "user_logins",
                            "db.operation.name", "store",
                            "db.operation.batch.size", "3"));
        }
    }

    @Test
    void sendsNoTraceUnlessItIsAsked(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        send(playground, "00-" + W3C_TRACE + "-" + SPAN + "-01", "");
        try (CollectorServer collector = CollectorServer.start()) {
            playground
                    .set("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint())
                    .set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.endpoint() + "/v1/traces")
                    .sluice("run", "--max-batches", "1")
                    .succeeded();

            assertThat(collector.requests())
                    .extracting(CollectorServer.Request::path)
                    .containsOnly("/v1/metrics");
        }
    }
}
