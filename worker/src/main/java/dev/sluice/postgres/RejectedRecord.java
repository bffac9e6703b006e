package dev.sluice.postgres;

import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.db.SqlError;
import org.jspecify.annotations.Nullable;

/**
 * A record for the quarantine.
 *
 * @param record the record and the message it came in
 * @param rejection why: the mapper's reason, or one that stands for the database's
 * @param error the database's error; null when the mapper rejected the record
 */
record RejectedRecord(MappedRecord record, Rejection rejection, @Nullable SqlError error) {

    static RejectedRecord byMapper(MappedRecord record, Rejection rejection) {
        return new RejectedRecord(record, rejection, null);
    }

    static RejectedRecord byDatabase(MappedRecord record, SqlError error) {
        Reason reason = error.cause() == SqlError.Cause.DROPPED ? Reason.DROPPED_BY_TABLE : Reason.REFUSED_BY_DATABASE;
        Rejection rejection =
                new Rejection(reason, error.column(), record.outcome().original());
        return new RejectedRecord(record, rejection, error);
    }
}
