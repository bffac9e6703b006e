package dev.sluice.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of docs/metrics.md: the one list of metrics. What a worker answers at {@code /metrics} is held against it, and
 * so is what is built on metrics, alerts and the dashboard.
 */
public record MetricsTable(Map<String, Row> rows) {

    /**
     * @param labels by name, with all values that the label may have; none where the table does not list them
     * @param always whether the metric is always there
     */
    record Row(String type, Map<String, Set<String>> labels, boolean always) {}

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern DOCUMENTED = Pattern.compile("([a-z_]+)(?: \\((.*?)\\))?(?:, |$)");
    private static final String VALUES = "[a-z_]+(, [a-z_]+)*";

    /** Which Prometheus itself makes for every target. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    /** Reads both tables: the worker's own metrics, and those of its pool and its JVM. */
    public static MetricsTable read() {
        Document document = Document.read("docs/metrics.md");
        Map<String, Row> rows = new TreeMap<>();
        Stream.of("## Sluice", "## Connection pool, JVM and process")
                .flatMap(heading -> document.section(heading).table().stream())
                .forEach(cells -> rows.put(cells.getFirst(), row(cells)));
        return new MetricsTable(rows);
    }

    private static Row row(List<String> cells) {
        Map<String, Set<String>> labels = new TreeMap<>();
        DOCUMENTED
                .matcher(cells.get(2).replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
                .results()
                .forEach(label -> labels.put(label.group(1), values(label.group(2))));
        return new Row(cells.get(1), labels, !cells.get(3).startsWith("Absent "));
    }

    private static Set<String> values(@Nullable String list) {
        return list != null && list.matches(VALUES) ? new TreeSet<>(Arrays.asList(list.split(", ", -1))) : Set.of();
    }

    /** Those of the worker itself. A histogram's largest value belongs to the histogram. */
    Set<String> ownNames() {
        return rows.keySet().stream()
                .filter(name -> name.startsWith("sluice_"))
                .filter(name -> !name.endsWith("_max") || !rows.containsKey(name.replaceFirst("_max$", "")))
                .collect(Collectors.toSet());
    }

    /** The expression names metrics, labels and listed values of this table only. */
    void hold(PromExpression expression) {
        Set<String> metrics = new TreeSet<>(expression.metrics());
        assertThat(metrics).as(expression.text()).isNotEmpty();
        metrics.removeAll(OF_PROMETHEUS);
        assertThat(metrics).as(expression.text()).isSubsetOf(rows.keySet());
        Map<String, Set<String>> labels = metrics.stream()
                .flatMap(metric -> row(metric).labels().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, MetricsTable::union));
        assertThat(expression.labels()).as(expression.text()).isSubsetOf(labels.keySet());
        labels.forEach((label, values) -> {
            if (!values.isEmpty()) {
                assertThat(expression.values(label)).as(expression.text()).isSubsetOf(values);
            }
        });
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
    }

    private Row row(String metric) {
        return requireNonNull(rows.get(metric), () -> metric + " is not documented");
    }

    /**
     * Each metric of an answer is in the table with its type, its labels and their listed values, and each that is always
     * there is in the answer.
     */
    public void hold(String text) {
        Map<String, Row> found = found(text);
        found.forEach((metric, row) -> {
            Row documented = row(metric);
            assertThat(row.type()).as(metric).isEqualTo(documented.type());
            assertThat(row.labels().keySet())
                    .as(metric)
                    .isEqualTo(documented.labels().keySet());
            documented.labels().forEach((label, values) -> {
                if (!values.isEmpty()) {
                    assertThat(row.labels().get(label)).as(metric).isEqualTo(values);
                }
            });
        });
        assertThat(found.keySet())
                .containsAll(rows.entrySet().stream()
                        .filter(row -> row.getValue().always())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Of the worker's own metrics, each that a collector got is in the table, and each that is always there arrived. */
    public void holdOtlp(Map<String, Metric> sent) {
        Map<String, Row> named = new TreeMap<>();
        rows.forEach((metric, row) -> {
            if (metric.startsWith("sluice_")) {
                named.put(otlpName(metric, row.type()), row);
            }
        });
        Map<String, Metric.DataCase> found = new TreeMap<>();
        sent.forEach((name, metric) -> {
            if (name.startsWith("sluice.")) {
                found.put(name, metric.getDataCase());
            }
        });
        found.forEach((name, type) -> {
            Row documented = requireNonNull(named.get(name), () -> name + " is not documented");
            assertThat(type).as(name).isEqualTo(otlpType(documented.type()));
        });
        assertThat(found.keySet())
                .containsAll(named.entrySet().stream()
                        .filter(row -> row.getValue().always())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Metric.DataCase otlpType(String type) {
        return switch (type) {
            case "counter" -> Metric.DataCase.SUM;
            case "gauge" -> Metric.DataCase.GAUGE;
            case "histogram" -> Metric.DataCase.HISTOGRAM;
            default -> throw new AssertionError("no metric of the worker is a " + type);
        };
    }

    /** As the document says: dots, and without the suffixes that Prometheus adds for type and unit. */
    private static String otlpName(String metric, String type) {
        String bare = metric.replaceFirst("_seconds_max\\z", "_max");
        if (!type.equals("gauge")) {
            bare = bare.replaceFirst("(_total|_seconds)\\z", "");
        }
        return bare.replace('_', '.');
    }

    private static Map<String, Row> found(String text) {
        Map<String, Row> found = new TreeMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                labels = new TreeMap<>();
                found.put(type.group(1), new Row(type.group(2), labels, true));
            } else if (!line.startsWith("#")) {
                Map<String, Set<String>> these = labels;
                LABEL.matcher(line.substring(0, line.lastIndexOf(' ')))
                        .results()
                        .filter(label -> !label.group(1).equals("le"))
                        .forEach(label -> these.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                                .add(label.group(2)));
            }
        }
        return found;
    }
}
