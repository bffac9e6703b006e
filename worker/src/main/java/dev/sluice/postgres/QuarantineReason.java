package dev.sluice.postgres;

import dev.sluice.postgres.db.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many quarantined records have a reason and a column in common.
 *
 * @param reason as in {@link QuarantineEntry}, as {@code column}
 * @param records at least 1
 * @param first when the oldest of them was quarantined
 * @param last when the newest was
 */
public record QuarantineReason(String reason, @Nullable String column, long records, Instant first, Instant last) {

    static QuarantineReason of(ResultSet row) throws SQLException {
        return new QuarantineReason(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                Objects.requireNonNull(Query.instant(row, 4)),
                Objects.requireNonNull(Query.instant(row, 5)));
    }
}
