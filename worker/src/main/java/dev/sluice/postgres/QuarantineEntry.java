package dev.sluice.postgres;

import dev.sluice.mapping.Original;
import dev.sluice.postgres.db.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A quarantined record, without its original.
 *
 * @param id increases, with gaps
 * @param pipeline that rejected it; the sealed original is bound to it and to {@code messageId}
 * @param pipelineVersion the version of the pipeline file
 * @param reason a {@link dev.sluice.mapping.Reason}'s label; text, since an older program's reason may no longer exist
 * @param column that could not be filled; null when the record as a whole was at fault
 * @param sentAt when SQS accepted the message
 * @param messageId the queue's id of the message; of a backfilled line the file's path, {@code #} and its offset
 * @param recordIndex position of the record in the message, from 0
 * @param receiveCount number of the delivery, from 1
 * @param quarantinedAt by the database's clock
 * @param form what the original is, where a replay begins
 * @param sqlState why the database rejected the row; null when the row never reached the database
 * @param constraint the constraint or index that the row violates; null when none is named
 * @param protection the {@link dev.sluice.mapping.FieldProtection#text} of the seal; null when an older version sealed it
 * @param originalBytes size of the sealed original
 * @param line of a file that was backfilled, from 1; null until all units before it are loaded, and for a message
 */
public record QuarantineEntry(
        long id,
        String pipeline,
        String pipelineVersion,
        String reason,
        @Nullable String column,
        Instant sentAt,
        String messageId,
        int recordIndex,
        int receiveCount,
        Instant quarantinedAt,
        Original.Form form,
        @Nullable String sqlState,
        @Nullable String constraint,
        @Nullable String protection,
        int originalBytes,
        @Nullable Long line) {

    /** What {@link #of} reads, from the first column on. */
    static final String COLUMNS = columns(
            "CASE WHEN bulk_dataset IS NOT NULL" + " THEN sluice.bulk_line(bulk_dataset, bulk_unit, unit_line) END");

    /** The same, with no {@link #line}: finding it takes longer than all others. */
    static final String COLUMNS_WITHOUT_LINE = columns("NULL::bigint");

    private static String columns(String line) {
        return "id, pipeline, pipeline_version, reason, column_name, sent_at, message_id, record_index,"
                + " receive_count, quarantined_at, original_form, sqlstate, constraint_name, protection,"
                + " octet_length(original), " + line;
    }

    static QuarantineEntry of(ResultSet row) throws SQLException {
        return new QuarantineEntry(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Objects.requireNonNull(Query.instant(row, 6)),
                row.getString(7),
                row.getInt(8),
                row.getInt(9),
                Objects.requireNonNull(Query.instant(row, 10)),
                Original.Form.valueOf(row.getString(11).toUpperCase(Locale.ROOT)),
                row.getString(12),
                row.getString(13),
                row.getString(14),
                row.getInt(15),
                row.getObject(16, Long.class));
    }

    /** What the sealed original is bound to. */
    public Original.Binding binding() {
        return new Original.Binding(pipeline, messageId, protection);
    }
}
