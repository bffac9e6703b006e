package dev.sluice.postgres.db;

import java.sql.SQLException;

/** A COPY succeeded but stored fewer rows than it was given. Has no SQLSTATE. */
public final class RowsDroppedException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final long taken;

    /** @param taken rows that were stored */
    public RowsDroppedException(long taken, int given) {
        super("the target table took " + taken + " of " + given + " rows without an error");
        this.taken = taken;
    }

    /** Whether any row was stored. */
    public boolean tookAny() {
        return taken > 0;
    }
}
