package dev.sluice.bench.report;

import dev.sluice.bench.measure.Metric;
import java.util.List;

/**
 * Several measurements of the same thing.
 *
 * @param median the middle one, or the mean of the two in the middle
 */
record Spread(double median, double least, double most) {

    /** @param values at least one */
    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /** {@code 30,700 (29,900-31,200)}, or only the median if the others read the same. */
    String text(Metric metric) {
        String middle = metric.text(median);
        String low = metric.text(least);
        String high = metric.text(most);
        return low.equals(high) ? middle : middle + " (" + low + "-" + high + ")";
    }
}
