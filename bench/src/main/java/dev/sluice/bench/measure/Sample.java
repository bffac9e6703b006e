package dev.sluice.bench.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of one run; a metric that does not apply is absent. Immutable once the run has ended. */
public final class Sample {

    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    /** Adds or replaces a figure. */
    public void put(Metric metric, double value) {
        values.put(metric, value);
    }

    /** Empty if it was not measured. */
    public OptionalDouble get(Metric metric) {
        Double value = values.get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
