package dev.sluice.postgres;

import dev.sluice.postgres.db.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;

/**
 * How many quarantined records of a pipeline have a reason.
 *
 * @param pipeline that rejected them
 * @param reason as in {@link QuarantineEntry}
 * @param records at least 1
 * @param first when the oldest of them was quarantined
 * @param last when the newest was
 */
public record QuarantineCount(String pipeline, String reason, long records, Instant first, Instant last) {

    static QuarantineCount of(ResultSet row) throws SQLException {
        return new QuarantineCount(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                Objects.requireNonNull(Query.instant(row, 4)),
                Objects.requireNonNull(Query.instant(row, 5)));
    }
}
