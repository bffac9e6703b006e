package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.rewrap.RewrapReport.Left;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one pass found and did. Thread-safe. */
final class PassCounters {

    /** Of each column and reason: enough to look at some, however many there are. */
    private static final int EXAMPLES = 10;

    private long found;
    private long replaced;
    private final Map<Why, Places> kept = new LinkedHashMap<>();

    /**
     * Counts a committed page.
     *
     * @param found rows with a value that can be replaced
     * @param replaced those that were; the others were locked, gone, or changed meanwhile
     */
    synchronized void add(long found, long replaced) {
        this.found += found;
        this.replaced += replaced;
    }

    /** Counts a value that stays. */
    synchronized void keep(String column, String why, String place) {
        kept.computeIfAbsent(new Why(column, why), key -> new Places()).add(place);
    }

    synchronized long found() {
        return found;
    }

    synchronized long replaced() {
        return replaced;
    }

    synchronized List<Left> left() {
        List<Left> left = new ArrayList<>();
        kept.forEach(
                (why, places) -> left.add(new Left(why.column, why.why, places.count, List.copyOf(places.examples))));
        return left;
    }

    private record Why(String column, String why) {}

    private static final class Places {

        private final List<String> examples = new ArrayList<>();
        private long count;

        void add(String place) {
            count++;
            if (examples.size() < EXAMPLES) {
                examples.add(place);
            }
        }
    }
}
