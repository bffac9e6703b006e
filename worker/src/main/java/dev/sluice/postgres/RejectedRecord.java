package dev.sluice.postgres;

import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.db.SqlError;
import org.jspecify.annotations.Nullable;

/**
 * A record for the quarantine.
 *
 * @param record the record and the message it came in
 * @param rejection why it became no row: the mapper's, or one that stands for the database's
 * @param refusal what the database said; null when it was the mapper that rejected the record
 */
record RejectedRecord(MappedRecord record, Rejection rejection, @Nullable SqlError refusal) {

    static RejectedRecord byMapper(MappedRecord record, Rejection rejection) {
        return new RejectedRecord(record, rejection, null);
    }

    static RejectedRecord byDatabase(MappedRecord record, Outcome row, SqlError refusal) {
        Reason reason =
                refusal.cause() == SqlError.Cause.DROPPED ? Reason.DROPPED_BY_TABLE : Reason.REFUSED_BY_DATABASE;
        return new RejectedRecord(record, new Rejection(reason, refusal.column(), row.original()), refusal);
    }
}
