package dev.sluice.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the event against what OpenLineage 2-0-2 and its facets require. */
class RunEventTest {

    private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00Z");
    private static final Dataset QUEUE = Dataset.queue(
            "login-queue", URI.create("https://sqs.eu-central-1.amazonaws.com/123456789012/login-queue"), null, null);
    private static final Dataset TABLE = Dataset.table("db.example", 5432, "shop", "public", "user_logins");

    private static final JsonNode EVENT = event(Pipelines.load("user-logins", Map.of()));

    private static JsonNode event(PipelineSpec spec) {
        String json = new RunEvent("sluice", spec, QUEUE, TABLE).json(new UUID(1, 2), STARTED);
        assertThat(json).doesNotContain("\n");
        return JsonMapper.shared().readTree(json);
    }

    @Test
    void hasWhatEveryRunEventMustHave() {
        assertThat(EVENT.at("/eventType").asString()).isEqualTo("START");
        assertThat(Instant.parse(EVENT.at("/eventTime").asString())).isEqualTo(STARTED);
        assertThat(EVENT.at("/run/runId").asString()).isEqualTo(new UUID(1, 2).toString());
        assertThat(EVENT.at("/job/namespace").asString()).isEqualTo("sluice");
        assertThat(EVENT.at("/job/name").asString()).isEqualTo("user-logins");
        assertThat(URI.create(EVENT.at("/producer").asString()).isAbsolute()).isTrue();
        assertThat(EVENT.at("/schemaURL").asString())
                .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    }

    @Test
    void everyFacetNamesItsProducerAndItsSchema() {
        List<JsonNode> facets = Stream.of("/job/facets", "/inputs/0/facets", "/outputs/0/facets")
                .flatMap(place -> EVENT.at(place).values().stream())
                .toList();

        assertThat(facets).hasSize(4).allSatisfy(facet -> {
            assertThat(facet.at("/_producer")).isEqualTo(EVENT.at("/producer"));
            assertThat(facet.at("/_schemaURL").asString())
                    .matches("https://openlineage\\.io/spec/facets/\\d-\\d-\\d/(\\w+)\\.json#/\\$defs/\\1");
        });
    }

    @Test
    void namesQueueAndTableAsOtherToolsDo() {
        assertThat(EVENT.at("/inputs/0/namespace").asString()).isEqualTo("sqs://sqs.eu-central-1.amazonaws.com");
        assertThat(EVENT.at("/inputs/0/name").asString()).isEqualTo("123456789012/login-queue");
        assertThat(EVENT.at("/outputs/0/namespace").asString()).isEqualTo("postgres://db.example:5432");
        assertThat(EVENT.at("/outputs/0/name").asString()).isEqualTo("shop.public.user_logins");
        assertThat(Dataset.table("::1", 5432, "d", "s", "t").namespace()).isEqualTo("postgres://[::1]:5432");
        assertThat(Dataset.queue("q", null, null, "us-east-1"))
                .isEqualTo(new Dataset("sqs://sqs.us-east-1.amazonaws.com", "q"));
        assertThat(Dataset.queue("q", null, URI.create("http://localhost:4566"), "us-east-1"))
                .isEqualTo(new Dataset("sqs://localhost:4566", "q"));
    }

    @Test
    void saysOfEachColumnWhereItComesFromAndHowItIsMasked() {
        JsonNode fields = EVENT.at("/outputs/0/facets/columnLineage/fields");

        assertThat(fields.propertyNames())
                .containsExactly(
                        "user_id",
                        "device_type",
                        "masked_ip",
                        "masked_device_id",
                        "locale",
                        "app_version",
                        "create_date");
        assertThat(fields.at("/masked_ip/inputFields/0/field").asString()).isEqualTo("ip");
        assertThat(fields.at("/masked_ip/inputFields/0/namespace")).isEqualTo(EVENT.at("/inputs/0/namespace"));
        assertThat(fields.at("/masked_ip/inputFields/0/name")).isEqualTo(EVENT.at("/inputs/0/name"));
        assertThat(transformation(fields, "masked_ip"))
                .isEqualTo(
                        "{\"type\":\"DIRECT\",\"subtype\":\"TRANSFORMATION\",\"description\":\"mask: deterministic-aead as ip\",\"masking\":true}");
        assertThat(transformation(fields, "user_id"))
                .isEqualTo("{\"type\":\"DIRECT\",\"subtype\":\"IDENTITY\",\"description\":\"\",\"masking\":false}");
        assertThat(transformation(fields, "app_version"))
                .isEqualTo(
                        "{\"type\":\"DIRECT\",\"subtype\":\"TRANSFORMATION\",\"description\":\"convert: version-packed\",\"masking\":false}");
    }

    private static String transformation(JsonNode fields, String column) {
        return fields.at("/" + column + "/inputFields/0/transformations/0").toString();
    }

    @Test
    void listsTheFieldsThatColumnsReadOnceAndNoConstant(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.yaml"),
                """
                pipeline: p
                source: { queue: q }
                sink: { table: t }
                columns:
                  id:      { from: user.id, type: text, required: true }
                  hashed:  { from: user.id, type: text, mask: { kind: redact, replacement: "secret-constant" } }
                  trace:   { from-attribute: trace_id, type: text }
                  country: { type: text, default: "constant-value" }
                """);
        JsonNode event = event(Pipelines.load(file.toString(), Map.of()));

        assertThat(event.at("/inputs/0/facets/schema/fields").toString())
                .isEqualTo("[{\"name\":\"user.id\"},{\"name\":\"MessageAttributes.trace_id\"}]");
        JsonNode lineage = event.at("/outputs/0/facets/columnLineage/fields");
        assertThat(lineage.at("/country/inputFields").isEmpty()).isTrue();
        assertThat(lineage.at("/hashed/inputFields/0/transformations/0/masking").asBoolean())
                .isTrue();
        assertThat(event.toString()).doesNotContain("constant");
    }

    @Test
    void runIdIsAUuidOfVersion7ThatSortsByTime() {
        UUID first = Lineage.runId(STARTED, new Random(1));
        UUID later = Lineage.runId(STARTED.plusMillis(1), new Random(1));

        assertThat(first.version()).isEqualTo(7);
        assertThat(first.variant()).isEqualTo(2);
        assertThat(first.toString()).isLessThan(later.toString());
        assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(STARTED.toEpochMilli());
    }
}
