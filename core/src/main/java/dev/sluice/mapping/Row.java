package dev.sluice.mapping;

import dev.sluice.mask.MaskedText;
import org.jspecify.annotations.Nullable;

/**
 * A masked row: one value per column of the pipeline, in its order. Created only by the mapper, so that every row is
 * safe to store. Immutable by convention: the array is not copied on the hot path. Used by one thread.
 *
 * <p>{@link ColumnType} defines the class of each value.
 */
public final class Row implements Outcome {

    private final @Nullable Object[] values;
    private final Original original;

    /** @param values of a column with a reversible mask, a {@link MaskedText} */
    Row(@Nullable Object[] values, Original original) {
        this.values = values;
        this.original = original;
    }

    /** The value of the column at {@code index} of the pipeline's columns; null is SQL's NULL. */
    public @Nullable Object value(int index) {
        return values[index] instanceof MaskedText masked ? masked.text() : values[index];
    }

    /** The length in characters of a text, masked or not; 0 for other values and for null. Masks nothing. */
    public int textLength(int index) {
        Object value = values[index];
        if (value instanceof MaskedText masked) {
            return masked.length();
        }
        return value instanceof String text ? text.length() : 0;
    }

    /** How many columns the row has: as many as the pipeline. */
    public int width() {
        return values.length;
    }

    @Override
    public Original original() {
        return original;
    }

    /** Shows the number of columns, never a value. */
    @Override
    public String toString() {
        return "Row[" + values.length + " columns]";
    }
}
