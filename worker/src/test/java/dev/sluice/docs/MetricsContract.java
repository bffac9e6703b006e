package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.Status;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The metrics that a worker has, for what is built on them: alerts and the dashboard. */
final class MetricsContract {

    /** Name without a histogram's suffixes, to labels. */
    private static final Map<String, Set<String>> METRICS = Map.ofEntries(
            Map.entry("up", Set.of()),
            Map.entry("sluice_records_total", Set.of("outcome")),
            Map.entry("sluice_quarantined_total", Set.of("reason")),
            Map.entry("sluice_stage_seconds", Set.of("stage")),
            Map.entry("sluice_event_age_seconds", Set.of()),
            Map.entry("sluice_in_flight_records", Set.of()),
            Map.entry("sluice_in_flight_bytes", Set.of()),
            Map.entry("sluice_visibility_extensions_total", Set.of("result")),
            Map.entry("sluice_visibility_expired_total", Set.of()),
            Map.entry("sluice_delete_failures_total", Set.of("kind")),
            Map.entry("sluice_committed_undeleted", Set.of()),
            Map.entry("sluice_sqs_requests_total", Set.of("operation", "code")),
            Map.entry("sluice_database_retries_total", Set.of("sqlstate_class")),
            Map.entry("sluice_circuit_open", Set.of()),
            Map.entry("sluice_queue_visible_messages", Set.of()),
            Map.entry("sluice_queue_in_flight_messages", Set.of()),
            Map.entry("sluice_queue_oldest_message_age_seconds", Set.of()),
            Map.entry("sluice_dead_letter_messages", Set.of()),
            Map.entry("sluice_last_commit_timestamp_seconds", Set.of()),
            Map.entry("sluice_unmask_requests_total", Set.of("result")),
            Map.entry("sluice_build_info", Set.of("version")),
            Map.entry("hikaricp_connections_active", Set.of("pool")),
            Map.entry("hikaricp_connections_max", Set.of("pool")),
            Map.entry("hikaricp_connections_pending", Set.of("pool")),
            Map.entry("jvm_memory_used_bytes", Set.of("area", "id")),
            Map.entry("jvm_gc_max_data_size_bytes", Set.of()),
            Map.entry("jvm_gc_pause_seconds", Set.of("action", "gc")),
            Map.entry("process_cpu_usage", Set.of()));

    private static final Map<String, List<String>> CLOSED = Map.of(
            "outcome", names(Status.Outcomes.class.getRecordComponents()),
            "stage", names(Status.Stage.values()));

    private MetricsContract() {}

    private static List<String> names(Status.Stage[] stages) {
        return Arrays.stream(stages)
                .map(stage -> stage.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<String> names(RecordComponent[] components) {
        return Arrays.stream(components).map(RecordComponent::getName).toList();
    }

    /** Those of the worker itself, of its JVM and of its connections. */
    static Set<String> names() {
        return METRICS.keySet();
    }

    /** Fails unless a worker has every metric, label and value of a closed set that the expression names. */
    static void holds(PromExpression expression) {
        assertThat(expression.metrics()).as(expression.text()).isNotEmpty().isSubsetOf(METRICS.keySet());
        Set<String> labels = expression.metrics().stream()
                .flatMap(metric -> METRICS.getOrDefault(metric, Set.of()).stream())
                .collect(Collectors.toSet());
        assertThat(expression.labels()).as(expression.text()).isSubsetOf(labels);
        CLOSED.forEach((label, values) ->
                assertThat(expression.values(label)).as(expression.text()).isSubsetOf(values));
    }
}
