package dev.sluice.mapping;

import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import dev.sluice.mapping.PipelineSpec.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts which columns found no field, and which fields no column reads, so that a renamed field is noticed. On the hot
 * path: no allocation per record once a name is known. Thread-safe.
 */
final class FieldCounters {

    /** Names counted one by one: more are not a rename, and what a producer sends must not fill the heap. */
    static final int MAX_NAMES = 100;

    /** Of a name, or of a pointer: long names are data. */
    private static final int MAX_NAME_LENGTH = 200;

    private final List<Column> columns;
    private final Vocabulary vocabulary;
    private final boolean allNames;
    private final LongAdder records = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder[] absent;
    private final Map<FieldNode, Map<String, LongAdder>> unread = new ConcurrentHashMap<>();
    private final LongAdder spellings = new LongAdder();
    private final LongAdder others = new LongAdder();

    /**
     * @param allNames whether names that the pipeline file does not contain may be reported: a name may be personal data
     */
    FieldCounters(PipelineSpec spec, boolean allNames) {
        this.columns = spec.columns();
        this.vocabulary = Vocabulary.of(spec);
        this.allNames = allNames;
        this.absent = Stream.generate(LongAdder::new).limit(columns.size()).toArray(LongAdder[]::new);
    }

    void record(int droppedFields) {
        records.increment();
        if (droppedFields > 0) {
            dropped.add(droppedFields);
        }
    }

    /** @param column of the pipeline, or the field of the idempotency key behind them */
    void absent(int column) {
        if (column < absent.length) {
            absent[column].increment();
        }
    }

    /** A field of an object at {@code parent} that no column reads. */
    void unread(FieldNode parent, String name) {
        Map<String, LongAdder> known = unread.get(parent);
        LongAdder count = known == null ? null : known.get(name);
        if (count != null) {
            count.increment();
        } else if (mayBeNamed(parent, name)) {
            unread.computeIfAbsent(parent, absentNode -> new ConcurrentHashMap<>())
                    .computeIfAbsent(name, absentName -> new LongAdder())
                    .increment();
        }
    }

    /** Two threads may both take the last place: the bound is not exact. */
    private boolean mayBeNamed(FieldNode parent, String name) {
        boolean spelling = vocabulary.contains(name);
        LongAdder taken = spelling ? spellings : others;
        if (!(spelling || allNames)
                || taken.sum() >= MAX_NAMES
                || !isPrintable(name)
                || !isPrintable(parent.pointer(name))) {
            return false;
        }
        taken.increment();
        return true;
    }

    private static boolean isPrintable(String name) {
        return !name.isBlank()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().allMatch(c -> (c >= ' ' && c <= '~') || Character.isLetterOrDigit(c));
    }

    /** All fields that no column reads, named or not. */
    long dropped() {
        return dropped.sum();
    }

    FieldCounts counts() {
        List<ColumnCount> ofColumns = new ArrayList<>();
        for (int column = 0; column < absent.length; column++) {
            String field = field(columns.get(column));
            if (field != null) {
                boolean optional = columns.get(column).fallback() != null;
                ofColumns.add(new ColumnCount(columns.get(column).name(), field, optional, absent[column].sum()));
            }
        }
        List<UnreadField> fields = new ArrayList<>();
        unread.forEach((node, names) ->
                names.forEach((name, count) -> fields.add(new UnreadField(node.pointer(name), count.sum()))));
        fields.sort(Comparator.comparingLong(UnreadField::count).reversed().thenComparing(UnreadField::field));
        return new FieldCounts(records.sum(), ofColumns, fields, dropped.sum());
    }

    /** As the pipeline file writes it; null for a column that only its default fills. */
    private static @Nullable String field(Column column) {
        if (column.fromAttribute() != null) {
            return "attribute " + column.fromAttribute();
        }
        List<String> path = column.from();
        return path == null ? null : FieldNode.pointer(path);
    }
}
