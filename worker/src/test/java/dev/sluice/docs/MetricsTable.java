package dev.sluice.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/metrics.md, to be held against what a worker answers at {@code /metrics}. */
public record MetricsTable(Map<String, Row> rows) {

    /** Type and labels as documented; {@code when} is not empty for a metric that is not always there. */
    record Row(String type, Set<String> labels, boolean always) {}

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern LABELS = Pattern.compile("[{,]([a-z_]+)=\"");

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
        Set<String> labels = Pattern.compile("[a-z_]+")
                .matcher(cells.get(2).replaceAll("\\([^)]*\\)|=[^,]*", ""))
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        return new Row(cells.get(1), labels, !cells.get(3).startsWith("Absent "));
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

    /** Each metric of the text is in the table with its type and labels, and each that is always there is in the text. */
    public void hold(String text) {
        Map<String, Row> found = new TreeMap<>();
        Set<String> labels = new TreeSet<>();
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                labels = new TreeSet<>();
                found.put(type.group(1), new Row(type.group(2), labels, true));
            } else if (!line.startsWith("#")) {
                LABELS.matcher(line.substring(0, line.lastIndexOf(' ')))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .forEach(labels::add);
            }
        }
        found.forEach((metric, row) -> {
            Row documented = requireNonNull(rows.get(metric), () -> metric + " is not documented");
            assertThat(row.type()).as(metric).isEqualTo(documented.type());
            assertThat(row.labels()).as(metric).isEqualTo(documented.labels());
        });
        assertThat(found.keySet())
                .containsAll(rows.entrySet().stream()
                        .filter(row -> row.getValue().always())
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
