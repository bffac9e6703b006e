package dev.sluice.recovery.rewrap;

import org.jspecify.annotations.Nullable;

/** Which values of a column are replaced, and by what. Thread-safe. */
public interface Replacement {

    /** The column's name. */
    String column();

    /**
     * The SQL condition for values to be replaced, without parameters.
     *
     * @param text the column as SQL, of type text
     */
    String condition(String text);

    /** What replaces a stored value; null if {@link #condition} does not hold for it. */
    @Nullable
    NewValue replace(String stored);

    /** What becomes of a value that should be replaced. */
    sealed interface NewValue {

        /** @param token the new value, masked */
        record Masked(String token) implements NewValue {}

        /**
         * The value cannot be replaced and stays.
         *
         * @param reason one of a closed set, for people and the audit
         */
        record Kept(String reason) implements NewValue {}
    }
}
