package dev.sluice.postgres;

import dev.sluice.mapping.Original;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * @param entry the record
 * @param original what {@link Original#seal()} made
 * @param idempotencyKey what the record claimed in the ledger; null for its message id and position
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the result set to the unsealer, never compared
public record SealedQuarantineEntry(QuarantineEntry entry, byte[] original, byte @Nullable [] idempotencyKey) {

    /** What {@link #of} reads. */
    static final String COLUMNS = QuarantineEntry.COLUMNS + ", original, idempotency_key";

    /** The same, as {@link QuarantineEntry#COLUMNS_WITHOUT_LINE}. */
    static final String COLUMNS_WITHOUT_LINE = QuarantineEntry.COLUMNS_WITHOUT_LINE + ", original, idempotency_key";

    static SealedQuarantineEntry of(ResultSet row) throws SQLException {
        return new SealedQuarantineEntry(
                QuarantineEntry.of(row), row.getBytes("original"), row.getBytes("idempotency_key"));
    }
}
