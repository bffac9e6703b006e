package dev.sluice.bench.measure;

import java.util.HashMap;
import java.util.Map;

/** The figures of the stub queue at one moment, by the names that the stub gives them. Immutable. */
public final class Stats {

    private static final String CALLS = "calls.";

    private final Map<String, Long> figures;

    private Stats(Map<String, Long> figures) {
        this.figures = figures;
    }

    /** Reads {@code name=number} pairs separated by blanks. */
    static Stats parse(String line) {
        Map<String, Long> figures = new HashMap<>();
        for (String pair : line.split(" ", -1)) {
            int equals = pair.indexOf('=');
            figures.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
        }
        return new Stats(figures);
    }

    /** 0 if there is no such figure. */
    public long get(String name) {
        return figures.getOrDefault(name, 0L);
    }

    /** Whether every message was delivered and deleted. */
    public boolean isDone() {
        return get("done") == 1;
    }

    /** Calls of all operations. */
    public long calls() {
        return figures.entrySet().stream()
                .filter(figure -> figure.getKey().startsWith(CALLS))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
