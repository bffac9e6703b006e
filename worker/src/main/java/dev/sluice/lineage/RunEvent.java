package dev.sluice.lineage;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskSpec;
import dev.sluice.output.JsonLine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The OpenLineage event that a run has started, as JSON on one line: one input, one output, and how each column of the output
 * comes from fields of the input. Names and types only.
 *
 * @param namespace of the job
 * @param queue the input
 * @param table the output
 */
record RunEvent(String namespace, PipelineSpec spec, Dataset queue, Dataset table) {

    /** The version that was current in August 2026; each facet has its own. */
    private static final String SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

    private static final String FACETS = "https://openlineage.io/spec/facets/";
    private static final String COLUMN_LINEAGE =
            FACETS + "1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet";
    private static final String FIELDS = FACETS + "1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet";
    private static final String JOB_TYPE = FACETS + "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet";

    /** A URI is expected; this one is a package URL (purl). */
    private static final String PRODUCER = "pkg:maven/dev.sluice/sluice-worker";

    /** In the input's schema, before the name of a message attribute; no JSON field of an event is meant by it. */
    private static final String ATTRIBUTES = "MessageAttributes.";

    /**
     * The event.
     *
     * @param runId names the run, once
     */
    String json(UUID runId, Instant startedAt) {
        return new JsonLine()
                .put("eventType", "START")
                .put("eventTime", startedAt)
                .put("run", new JsonLine().put("runId", runId))
                .put("job", job())
                .put("inputs", List.of(dataset(queue, Map.of("schema", inputSchema()))))
                .put(
                        "outputs",
                        List.of(dataset(table, facets("schema", outputSchema(), "columnLineage", columnLineage()))))
                .put("producer", PRODUCER)
                .put("schemaURL", SCHEMA)
                .toString();
    }

    private JsonLine job() {
        JsonLine type = facet(JOB_TYPE)
                .put("processingType", "STREAMING")
                .put("integration", "SLUICE")
                .put("jobType", "PIPELINE");
        return new JsonLine()
                .put("namespace", namespace)
                .put("name", spec.name())
                .put("facets", Map.of("jobType", type));
    }

    private static JsonLine dataset(Dataset dataset, Map<String, JsonLine> facets) {
        return new JsonLine()
                .put("namespace", dataset.namespace())
                .put("name", dataset.name())
                .put("facets", facets);
    }

    private static Map<String, JsonLine> facets(String first, JsonLine one, String second, JsonLine other) {
        Map<String, JsonLine> facets = new LinkedHashMap<>();
        facets.put(first, one);
        facets.put(second, other);
        return facets;
    }

    private static JsonLine facet(String schema) {
        return new JsonLine().put("_producer", PRODUCER).put("_schemaURL", schema);
    }

    /** The fields that columns read; what else events contain is dropped, and so is not known. */
    private JsonLine inputSchema() {
        Set<String> fields = new LinkedHashSet<>();
        for (Column column : spec.columns()) {
            String field = field(column);
            if (field != null) {
                fields.add(field);
            }
        }
        return facet(FIELDS)
                .put(
                        "fields",
                        fields.stream()
                                .map(field -> new JsonLine().put("name", field))
                                .toList());
    }

    private JsonLine outputSchema() {
        return facet(FIELDS)
                .put(
                        "fields",
                        spec.columns().stream()
                                .map(column -> new JsonLine()
                                        .put("name", column.name())
                                        .put("type", column.type().sql()))
                                .toList());
    }

    private JsonLine columnLineage() {
        Map<String, JsonLine> columns = new LinkedHashMap<>();
        for (Column column : spec.columns()) {
            columns.put(column.name(), new JsonLine().put("inputFields", inputFields(column)));
        }
        return facet(COLUMN_LINEAGE).put("fields", columns);
    }

    /** Empty for a column that only a default fills. */
    private List<JsonLine> inputFields(Column column) {
        String field = field(column);
        return field == null
                ? List.of()
                : List.of(new JsonLine()
                        .put("namespace", queue.namespace())
                        .put("name", queue.name())
                        .put("field", field)
                        .put("transformations", List.of(transformation(column))));
    }

    private static JsonLine transformation(Column column) {
        MaskSpec mask = column.mask();
        boolean same = mask == null && column.convert() == null;
        return new JsonLine()
                .put("type", "DIRECT")
                .put("subtype", same ? "IDENTITY" : "TRANSFORMATION")
                .put("description", description(column))
                .put("masking", mask != null);
    }

    private static String description(Column column) {
        MaskSpec mask = column.mask();
        if (mask == null) {
            return column.convert() == null
                    ? ""
                    : "convert: " + column.convert().label();
        }
        String form =
                mask.form() == CanonicalForm.TEXT ? "" : " as " + mask.form().label();
        return "mask: " + mask.kind().label() + form;
    }

    private static @Nullable String field(Column column) {
        if (column.fromAttribute() != null) {
            return ATTRIBUTES + column.fromAttribute();
        }
        return column.from() == null ? null : String.join(".", column.from());
    }
}
