package dev.sluice.bench.report;

import dev.sluice.bench.measure.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The goals beside what was measured: one row per goal. Immutable. */
public final class Asked {

    /**
     * One goal.
     *
     * @param what is measured
     * @param goal as a limit
     * @param measured from the results; empty if they lack it
     */
    private record Goal(String what, String goal, Function<Results, Optional<String>> measured) {}

    private static final List<String> HEADER = List.of("what", "asked", "measured");

    private final List<Goal> goals = new ArrayList<>();

    /** A figure as it is. */
    public Asked figure(String what, String goal, Figure figure) {
        goals.add(new Goal(what, goal, results -> figure.in(results)
                .map(value -> figure.metric().text(value))));
        return this;
    }

    /** One figure divided by another. */
    public Asked ratio(String what, String goal, Figure above, Figure below) {
        goals.add(new Goal(what, goal, results -> above.in(results)
                .flatMap(high -> below.in(results).map(low -> high / low))
                .map(value -> String.format(Locale.ROOT, "%.2f", value))));
        return this;
    }

    /** A figure of the results. */
    public record Figure(String caseName, String contender, Metric metric) {

        private Optional<Double> in(Results results) {
            return results.median(caseName, contender, metric);
        }
    }

    /**
     * The table.
     *
     * @param earlier a table that this method wrote: what the results lack is taken from there; may be empty
     */
    public String table(Results results, String earlier) {
        Map<String, String> before = measuredBefore(earlier);
        Table table = new Table(HEADER);
        for (Goal goal : goals) {
            String measured =
                    goal.measured().apply(results).orElseGet(() -> before.getOrDefault(goal.what(), "not measured"));
            table.row(List.of(goal.what(), goal.goal(), measured));
        }
        return table.markdown();
    }

    private static Map<String, String> measuredBefore(String table) {
        Map<String, String> measured = new LinkedHashMap<>();
        table.lines()
                .map(line -> line.split("\\|", -1))
                .filter(cells -> cells.length == HEADER.size() + 2)
                .forEach(cells -> measured.put(cells[1].strip(), cells[HEADER.size()].strip()));
        return measured;
    }
}
