package dev.sluice.recovery.rewrap;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * How many rows a rewrap on several hosts has rewritten, in table {@code sluice.rewrap_rows}: exact even if a host dies
 * between its COMMIT and its report. Thread-safe.
 */
final class RewrittenRows {

    /** Longer than any rewrap: what a killed driver left behind. */
    private static final String FORGOTTEN = "interval '90 days'";

    private final UUID run;

    RewrittenRows(UUID run) {
        this.run = run;
    }

    /** Adds a page's rows, within its transaction; {@code rows} is at least 1. */
    void add(Connection connection, long rows) throws SQLException {
        Query.of(connection, "INSERT INTO sluice.rewrap_rows (run, rows) VALUES (?, ?)", run, rows)
                .update();
    }

    /** The rows of all pages; forgets them. */
    long take(Database database) {
        return database.transact("count the rows of a rewrap", connection -> {
            long rows = Query.of(
                            connection,
                            "SELECT coalesce(sum(rows), 0)::bigint FROM sluice.rewrap_rows WHERE run = ?",
                            run)
                    .number();
            Query.of(connection, "DELETE FROM sluice.rewrap_rows WHERE run = ? OR at < now() - " + FORGOTTEN, run)
                    .update();
            return rows;
        });
    }
}
