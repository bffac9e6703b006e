package dev.sluice.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often columns found no field, and which fields no column read: what shows that a producer has renamed one. Holds names
 * and counts, never a value. A name outside the pipeline file may be personal data: it is here only if the mapper was asked
 * to report all names.
 *
 * @param records read
 * @param columns those that read a field or an attribute, in the pipeline's order
 * @param unread fields that no column reads and that may be named, the most frequent first
 * @param dropped how many fields no column read, named or not
 */
public record FieldCounts(long records, List<ColumnCount> columns, List<UnreadField> unread, long dropped) {

    /** Nothing was read. */
    public static final FieldCounts NONE = new FieldCounts(0, List.of(), List.of(), 0);

    /** Copies the lists. */
    public FieldCounts {
        columns = List.copyOf(columns);
        unread = List.copyOf(unread);
    }

    /**
     * A column.
     *
     * @param column its name
     * @param field what it reads, as the pipeline file writes it
     * @param hasDefault whether a record without the field is nothing unusual
     * @param absent records that did not have the field; a null counts as present
     */
    public record ColumnCount(String column, String field, boolean hasDefault, long absent) {

        /** The same column, absent from more records. */
        public ColumnCount plus(long more) {
            return new ColumnCount(column, field, hasDefault, absent + more);
        }

        /** Whether a field's name is the same but for case, underscores and hyphens. */
        public boolean isSpelledAs(String name) {
            return Vocabulary.same(field, name);
        }

        /** Names no field. */
        @Override
        public String toString() {
            return "ColumnCount[" + absent + "]";
        }
    }

    /**
     * A field.
     *
     * @param field its name, or its JSON pointer if it is not at the root
     * @param count in how many objects it was
     */
    public record UnreadField(String field, long count) {

        /** Names no field. */
        @Override
        public String toString() {
            return "UnreadField[" + count + "]";
        }
    }

    /** Nothing was read yet by the columns of a pipeline. */
    public static FieldCounts of(PipelineSpec spec) {
        return new FieldCounters(spec, false).counts();
    }

    /** Both together, of one pipeline. */
    public FieldCounts plus(FieldCounts other) {
        return combined(other, 1);
    }

    /** What was counted since {@code earlier}, a count of the same pipeline. */
    public FieldCounts since(FieldCounts earlier) {
        return combined(earlier, -1);
    }

    private FieldCounts combined(FieldCounts other, int sign) {
        Map<String, ColumnCount> ofColumns = new LinkedHashMap<>();
        columns.forEach(column -> ofColumns.put(column.column(), column));
        other.columns.forEach(column -> ofColumns.merge(
                column.column(),
                column.plus((sign - 1) * column.absent()),
                (mine, theirs) -> mine.plus(theirs.absent())));
        Map<String, Long> ofFields = new LinkedHashMap<>();
        unread.forEach(field -> ofFields.put(field.field(), field.count()));
        other.unread.forEach(field -> ofFields.merge(field.field(), sign * field.count(), Long::sum));
        List<UnreadField> fields = new ArrayList<>();
        ofFields.forEach((field, count) -> fields.add(new UnreadField(field, count)));
        return new FieldCounts(
                records + sign * other.records,
                List.copyOf(ofColumns.values()),
                fields.stream().filter(field -> field.count() != 0).toList(),
                dropped + sign * other.dropped);
    }

    /** Shows counts, and names no field. */
    @Override
    public String toString() {
        return "FieldCounts[" + records + " records, " + dropped + " fields dropped]";
    }
}
