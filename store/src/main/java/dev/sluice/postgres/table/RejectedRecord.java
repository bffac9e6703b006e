package dev.sluice.postgres.table;

import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.postgres.db.SqlError;
import org.jspecify.annotations.Nullable;

/**
 * A record for the quarantine.
 *
 * @param provenance where it came from
 * @param rejection why: the mapper's reason, or one that stands for the database's
 * @param error the database's error; null when the mapper rejected the record
 */
public record RejectedRecord(Provenance provenance, Rejection rejection, @Nullable SqlError error) {

    public static RejectedRecord byMapper(Provenance provenance, Rejection rejection) {
        return new RejectedRecord(provenance, rejection, null);
    }

    public static RejectedRecord byDatabase(Provenance provenance, Row row, SqlError error) {
        Reason reason = error.cause() == SqlError.Cause.DROPPED ? Reason.DROPPED_BY_TABLE : Reason.REFUSED_BY_DATABASE;
        return new RejectedRecord(provenance, new Rejection(reason, error.column(), row.original()), error);
    }

    /** The id of the record's message, which its original is bound to. */
    public String messageId() {
        return rejection.original().binding().messageId();
    }
}
