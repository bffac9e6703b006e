package dev.sluice.app;

import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says in words which fields were probably renamed: columns whose field is absent more often than before, beside fields
 * that no column reads. Names columns and fields, never a value.
 *
 * @param now what was counted lately
 * @param before what was counted before that; {@link FieldCounts#NONE} if nothing is known
 */
record FieldReport(FieldCounts now, FieldCounts before) {

    /** Below this, a share says nothing. */
    private static final long FEWEST_RECORDS = 10;

    /** Named fields without a column in one report. */
    private static final int MOST_NAMES = 20;

    private static final int PERCENT = 100;

    /** An absent field is worth a word if its share of the records has grown by this many percentage points. */
    private static final long GROWN_BY = 20;

    /** One sentence per suspicion, in the columns' order. Empty if there is nothing to say. */
    List<String> suspicions() {
        List<String> sentences = new ArrayList<>();
        for (ColumnCount column : now.columns()) {
            Optional<UnreadField> renamed = column.absent() == 0
                    ? Optional.empty()
                    : now.unread().stream()
                            .filter(field -> isSpelling(field, column))
                            .findFirst();
            if (renamed.isPresent() || isMoreOftenAbsent(column)) {
                sentences.add(absence(column) + renamed.map(FieldReport::rename).orElse(""));
            }
        }
        return sentences;
    }

    /** The fields that no column reads and that may be named, with their counts; empty if there are none. */
    Optional<String> unread() {
        if (now.unread().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = now.unread().stream()
                .limit(MOST_NAMES)
                .map(field -> field.field() + " " + field.count())
                .toList();
        long rest = now.dropped()
                - now.unread().stream()
                        .limit(MOST_NAMES)
                        .mapToLong(UnreadField::count)
                        .sum();
        return Optional.of(
                "Fields that no column reads: " + String.join(", ", names) + (rest > 0 ? ", others " + rest : ""));
    }

    /** A spelling that was there before the field disappeared is another field. */
    private boolean isSpelling(UnreadField field, ColumnCount column) {
        return column.isSpelledAs(field.field()) && (before.records() == 0 || grows(field));
    }

    private boolean grows(UnreadField field) {
        long earlier = before.unread().stream()
                .filter(other -> other.field().equals(field.field()))
                .mapToLong(UnreadField::count)
                .sum();
        return field.count() * before.records() > earlier * now.records();
    }

    /** Without days to compare with: absent from all records, and there is no default that expects it. */
    private boolean isMoreOftenAbsent(ColumnCount column) {
        if (now.records() < FEWEST_RECORDS) {
            return false;
        }
        if (before.records() < FEWEST_RECORDS) {
            return !column.hasDefault() && column.absent() == now.records();
        }
        long share = PERCENT * column.absent() / now.records();
        return share - PERCENT * absentBefore(column) / before.records() >= GROWN_BY;
    }

    private long absentBefore(ColumnCount column) {
        return before.columns().stream()
                .filter(other -> other.column().equals(column.column()))
                .mapToLong(ColumnCount::absent)
                .sum();
    }

    private String absence(ColumnCount column) {
        String found = column.field() + " was absent from " + column.absent() + " of " + now.records() + " records";
        return before.records() == 0
                ? found
                : found + " (" + absentBefore(column) + " of " + before.records() + " in the days before)";
    }

    private static String rename(UnreadField field) {
        return "; a field " + field.field() + " that no column reads appeared " + field.count()
                + (field.count() == 1 ? " time" : " times") + ": was it renamed?";
    }

    /** Names nothing. */
    @Override
    public String toString() {
        return "FieldReport[" + now + ", " + before + "]";
    }
}
