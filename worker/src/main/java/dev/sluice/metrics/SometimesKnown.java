package dev.sluice.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Metrics that are absent while nobody knows their value: an old value, or zero, would be a false one. Used by one thread. */
final class SometimesKnown {

    private final MeterRegistry registry;
    private final List<Entry> entries = new ArrayList<>();

    SometimesKnown(MeterRegistry registry) {
        this.registry = registry;
    }

    private static final class Entry {

        private final Supplier<@Nullable Long> value;
        private final Function<MeterRegistry, Meter> register;
        private @Nullable Meter meter;

        Entry(Supplier<@Nullable Long> value, Function<MeterRegistry, Meter> register) {
            this.value = value;
            this.register = register;
        }
    }

    void gauge(String name, String description, Supplier<@Nullable Long> value) {
        entries.add(new Entry(value, meters -> Gauge.builder(name, () -> number(value.get()))
                .description(description)
                .strongReference(true)
                .register(meters)));
    }

    void counter(String name, String description, String label, String labelValue, Supplier<@Nullable Long> value) {
        entries.add(new Entry(value, meters -> FunctionCounter.builder(name, value, one -> number(one.get()))
                .description(description)
                .tag(label, labelValue)
                .register(meters)));
    }

    private static double number(@Nullable Long value) {
        return value == null ? Double.NaN : value;
    }

    /** Adds what has become known, and removes what no longer is. */
    void refresh() {
        for (Entry entry : entries) {
            boolean known = entry.value.get() != null;
            if (known && entry.meter == null) {
                entry.meter = entry.register.apply(registry);
            } else if (!known && entry.meter != null) {
                registry.remove(entry.meter);
                entry.meter = null;
            }
        }
    }
}
