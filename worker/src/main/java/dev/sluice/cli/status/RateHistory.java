package dev.sluice.cli.status;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A rate over the last minutes, as a row of bars. Used by one thread. */
final class RateHistory {

    /** Twelve columns are a minute: 60 of them, the width of most terminals, five. */
    static final long NANOS_PER_COLUMN = 5_000_000_000L;

    /** More columns than a terminal has. */
    private static final int MAX_COLUMNS = 1_000;

    /** From one eighth of a character's height to the whole. */
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final TreeMap<Long, Column> columns = new TreeMap<>();

    /** The samples of one column. */
    private record Column(double sum, int count) {

        Column plus(double sample) {
            return new Column(sum + sample, count + 1);
        }

        double mean() {
            return sum / count;
        }
    }

    /** @param nanos when it was measured, by {@link System#nanoTime()} */
    void add(long nanos, double perSecond) {
        long key = Math.floorDiv(nanos, NANOS_PER_COLUMN);
        columns.put(key, columns.getOrDefault(key, new Column(0, 0)).plus(perSecond));
        columns.headMap(key - MAX_COLUMNS).clear();
    }

    /** The highest mean of a column that is still shown; 0 without any. */
    double highest(long now, int width) {
        return shown(now, width).stream()
                .filter(rate -> !rate.isNaN())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    /** Bars from zero to the highest, the newest at the right; blank where nothing was measured. */
    String bars(long now, int width) {
        double highest = highest(now, width);
        StringBuilder bars = new StringBuilder();
        for (double rate : shown(now, width)) {
            int step = highest == 0 ? 0 : (int) Math.ceil(rate / highest * BARS.length()) - 1;
            bars.append(Double.isNaN(rate) ? ' ' : BARS.charAt(Math.max(0, step)));
        }
        return bars.toString();
    }

    private List<Double> shown(long now, int width) {
        long last = Math.floorDiv(now, NANOS_PER_COLUMN);
        List<Double> shown = new ArrayList<>();
        for (long key = last - width + 1; key <= last; key++) {
            Column column = columns.get(key);
            shown.add(column == null ? Double.NaN : column.mean());
        }
        return shown;
    }
}
