package dev.sluice.postgres.db;

import org.jspecify.annotations.Nullable;

/**
 * Why the database does not take a row: a code and schema names, no value.
 *
 * @param cause decides whether the row alone may be blamed
 * @param sqlState five characters; null when there was no error ({@link Cause#DROPPED})
 * @param constraint the constraint or index that the row violates, or the name a trigger gave; null when the server names none
 * @param column null when the server names none
 * @param line the row of the COPY that failed, from 1; 0 when unknown
 */
public record SqlError(
        Cause cause, @Nullable String sqlState, @Nullable String constraint, @Nullable String column, int line) {

    /** A rule of the table rejects the row. */
    public SqlError(String sqlState, @Nullable String constraint, @Nullable String column, int line) {
        this(Cause.RULE, sqlState, constraint, column, line);
    }

    /** Whether the whole table may be at fault, so that a row is blamed only if others are stored. */
    public boolean mayBeTheTable() {
        return cause != Cause.RULE;
    }

    /** Whether a statement ran into its timeout. */
    public boolean isTimeout() {
        return SqlState.STATEMENT_TIMEOUT.equals(sqlState);
    }

    /** What happens to the rows, to continue "every row". */
    public String verb() {
        return switch (cause) {
            case RULE -> "is rejected, SQLSTATE " + sqlState;
            case NO_PARTITION -> "is rejected, SQLSTATE " + sqlState + ", no partition takes it";
            case DROPPED -> "is dropped without an error";
            case UNEXPLAINED -> "fails, SQLSTATE " + sqlState;
        };
    }

    /** What the failure says about the row. */
    public enum Cause {
        /** A constraint, an index, a type or a trigger's RAISE rejects this row. */
        RULE,
        /** No partition takes the row; all of them may be detached. */
        NO_PARTITION,
        /** The server stored fewer rows than it was given, without an error. */
        DROPPED,
        /** A SQLSTATE that neither blames the row nor says that the database is unavailable. */
        UNEXPLAINED
    }
}
