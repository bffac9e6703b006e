package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;

/** How a JSON value becomes a column's value if its own type is not the column's. */
public enum Convert implements Labelled {
    /** Text {@code 2.3.0} to its first number. */
    VERSION_MAJOR,
    /**
     * Text {@code major.minor.patch}, missing parts 0, to {@code major << 16 | minor << 8 | patch}; parts up to 255.
     */
    VERSION_PACKED,
    /** Text {@code major.minor.patch}, missing parts 0, to {@code major * 1,000,000 + minor * 1,000 + patch}. */
    VERSION_DECIMAL,
    /** Text to lower case, independent of locale. */
    LOWER,
    /** Text to upper case, independent of locale. */
    UPPER,
    /** Text without leading and trailing white space (Unicode). */
    TRIM,
    /** A whole number of seconds since 1970-01-01T00:00Z to a point in time. */
    EPOCH_SECONDS,
    /** A whole number of milliseconds since 1970-01-01T00:00Z to a point in time. */
    EPOCH_MILLIS;

    /** Whether the conversion's result is a value of {@code type}. */
    boolean gives(ColumnType type) {
        return switch (this) {
            case VERSION_MAJOR, VERSION_PACKED, VERSION_DECIMAL ->
                type == ColumnType.Simple.INTEGER || type == ColumnType.Simple.BIGINT;
            case LOWER, UPPER, TRIM -> type == ColumnType.Simple.TEXT || type instanceof ColumnType.Varchar;
            case EPOCH_SECONDS, EPOCH_MILLIS -> type == ColumnType.Simple.TIMESTAMPTZ || type == ColumnType.Simple.DATE;
        };
    }
}
