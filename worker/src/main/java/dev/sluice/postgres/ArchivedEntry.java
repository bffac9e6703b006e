package dev.sluice.postgres;

import dev.sluice.postgres.db.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A quarantined record as it leaves the database and comes back.
 *
 * @param database the installation id of the database that it is of
 * @param sealed the record; its id is that of this database, and its {@link QuarantineEntry#line} is null
 * @param dataset of a line that was backfilled: the dataset's id there; null for a message
 * @param unit the unit's number; null for a message
 * @param unitLine the line's number in its unit, from 1; null for a message
 */
public record ArchivedEntry(
        UUID database,
        SealedQuarantineEntry sealed,
        @Nullable Long dataset,
        @Nullable Integer unit,
        @Nullable Long unitLine) {

    /** What {@link #of} reads. */
    static final String COLUMNS =
            SealedQuarantineEntry.COLUMNS_WITHOUT_LINE + ", bulk_dataset, bulk_unit, unit_line, row_version";

    static ArchivedEntry of(UUID database, ResultSet row) throws SQLException {
        return new ArchivedEntry(
                database,
                SealedQuarantineEntry.of(row),
                row.getObject("bulk_dataset", Long.class),
                row.getObject("bulk_unit", Integer.class),
                row.getObject("unit_line", Long.class));
    }

    /** The parameters of {@link QuarantineArchive}'s INSERT. */
    @Nullable
    Object[] parameters(UUID into) {
        QuarantineEntry entry = sealed.entry();
        boolean isHome = database.equals(into); // elsewhere, the dataset's id is another dataset's
        return new @Nullable Object[] {
            entry.pipeline(),
            entry.pipelineVersion(),
            entry.reason(),
            Query.text(entry.column()),
            entry.sentAt(),
            entry.messageId(),
            entry.recordIndex(),
            entry.receiveCount(),
            entry.quarantinedAt(),
            sealed.original(),
            entry.form().label(),
            Query.text(entry.sqlState()),
            Query.text(entry.constraint()),
            Query.bytes(sealed.idempotencyKey()),
            Query.text(entry.protection()),
            Query.bigint(isHome ? dataset : null),
            Query.bigint(isHome && unit != null ? unit.longValue() : null),
            Query.bigint(isHome ? unitLine : null)
        };
    }
}
