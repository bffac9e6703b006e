package dev.sluice.postgres.db;

import org.jspecify.annotations.Nullable;

/**
 * Why the database does not take a row: names of the schema and a code, no value.
 *
 * @param cause what kind of failure it is, which decides when the row may be blamed for it
 * @param sqlState five characters; null when there was no error ({@link Cause#DROPPED})
 * @param constraint the constraint or index that it violates, or the name a trigger gave; null when the server names none
 * @param column null when the server names none
 * @param line at which row of the COPY the server was, from 1; 0 when it does not say
 */
public record SqlError(
        Cause cause, @Nullable String sqlState, @Nullable String constraint, @Nullable String column, int line) {

    /** A rule of the table refused the row. */
    public SqlError(String sqlState, @Nullable String constraint, @Nullable String column, int line) {
        this(Cause.RULE, sqlState, constraint, column, line);
    }

    /** Whether the table as a whole may be out of order, so that a row is blamed only if others go through. */
    public boolean mayBeTheTable() {
        return cause != Cause.RULE;
    }

    /** What happens to the rows, to continue "every row": without a value. */
    public String verb() {
        return switch (cause) {
            case RULE -> "is refused, SQLSTATE " + sqlState;
            case NO_PARTITION -> "is refused, SQLSTATE " + sqlState + ", no partition takes it";
            case DROPPED -> "is dropped without an error";
            case UNEXPLAINED -> "fails, SQLSTATE " + sqlState;
        };
    }

    /** Kinds of failure. */
    public enum Cause {
        /** A constraint, an index, a type or a RAISE of the table's owner speaks of this row. */
        RULE,
        /** No partition takes the row, or somebody has detached all of them. */
        NO_PARTITION,
        /** The server took fewer rows than it was given, without an error. */
        DROPPED,
        /** A state that says neither that the row is at fault nor that the database is away. */
        UNEXPLAINED
    }
}
