package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one page or one pass found and did. Thread-safe. */
final class PassCounters {

    /** For each column and reason: enough to look at some, however many there are. */
    private static final int EXAMPLES = 10;

    private long found;
    private long replaced;
    private final Map<List<String>, Unchanged> unchanged = new LinkedHashMap<>();

    /**
     * Counts rows.
     *
     * @param found with a value that can be replaced
     * @param replaced those that were; the others were locked, gone, or changed in the meantime
     */
    synchronized void add(long found, long replaced) {
        this.found += found;
        this.replaced += replaced;
    }

    /** Counts a value that stays. */
    void addUnchanged(String column, String reason, String location) {
        add(new Unchanged(column, reason, 1, List.of(location)));
    }

    /** Adds a page's counters once its transaction is committed. */
    void add(PassCounters page) {
        add(page.counts());
    }

    /** Adds what was counted elsewhere. */
    void add(PageCounts counts) {
        add(counts.found(), counts.replaced());
        counts.unchanged().forEach(this::add);
    }

    /** What is counted so far. */
    synchronized PageCounts counts() {
        return new PageCounts(found, replaced, unchanged());
    }

    private synchronized void add(Unchanged values) {
        unchanged.merge(List.of(values.column(), values.reason()), values, PassCounters::sum);
    }

    private static Unchanged sum(Unchanged one, Unchanged other) {
        List<String> examples = Stream.concat(one.examples().stream(), other.examples().stream())
                .limit(EXAMPLES)
                .toList();
        return new Unchanged(one.column(), one.reason(), one.count() + other.count(), examples);
    }

    synchronized long found() {
        return found;
    }

    synchronized long replaced() {
        return replaced;
    }

    synchronized List<Unchanged> unchanged() {
        return List.copyOf(unchanged.values());
    }
}
