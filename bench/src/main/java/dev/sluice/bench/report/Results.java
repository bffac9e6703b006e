package dev.sluice.bench.report;

import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.measure.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The samples of all runs, by case and contender, in the order in which they came. Used by one thread. */
public final class Results {

    private record Key(String caseName, String contender) {}

    private final Map<Key, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<Key, String> notes = new LinkedHashMap<>();
    private boolean complete = true;

    /** Adds a run. */
    public void add(String caseName, String contender, Sample sample) {
        samples.computeIfAbsent(new Key(caseName, contender), absent -> new ArrayList<>())
                .add(sample);
    }

    /** Says why there is no sample. */
    public void skipped(String caseName, String contender, String reason) {
        notes.put(new Key(caseName, contender), "skipped: " + reason);
    }

    /** Says why a sample is missing; the results are not complete. */
    public void failed(String caseName, String contender, String reason) {
        complete = false;
        notes.put(new Key(caseName, contender), "failed: " + reason);
    }

    /** Whether every run succeeded. */
    public boolean isComplete() {
        return complete;
    }

    /** Median of a metric; empty if it was not measured. */
    public Optional<Double> median(String caseName, String contender, Metric metric) {
        return spread(caseName, contender, metric).map(Spread::median);
    }

    private Optional<Spread> spread(String caseName, String contender, Metric metric) {
        List<Double> values = samples.getOrDefault(new Key(caseName, contender), List.of()).stream()
                .map(sample -> sample.get(metric))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** One row per contender, one column per metric that at least one of them has; notes as lines below. */
    public String table(String caseName, List<Metric> metrics) {
        List<String> contenders = Stream.concat(samples.keySet().stream(), notes.keySet().stream())
                .filter(key -> key.caseName().equals(caseName))
                .map(Key::contender)
                .distinct()
                .toList();
        List<Metric> measured = metrics.stream()
                .filter(metric -> contenders.stream().anyMatch(contender -> spread(caseName, contender, metric)
                        .isPresent()))
                .toList();
        Table table =
                new Table(Stream.concat(Stream.of("who"), measured.stream().map(Metric::label))
                        .toList());
        for (String contender : contenders) {
            table.row(Stream.concat(
                            Stream.of(contender), measured.stream().map(metric -> spread(caseName, contender, metric)
                                    .map(spread -> spread.text(metric))
                                    .orElse("-")))
                    .toList());
        }
        StringBuilder text = new StringBuilder(table.markdown());
        notes.forEach((key, note) -> {
            if (key.caseName().equals(caseName)) {
                text.append('\n')
                        .append(key.contender())
                        .append(": ")
                        .append(note)
                        .append('\n');
            }
        });
        return text.toString();
    }
}
