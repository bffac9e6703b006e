package dev.sluice.bulk;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Which units of a dataset are loaded, and what they came to: written in each unit's transaction, as its last statement.
 * Thread-safe.
 */
public final class BulkLedger {

    private static final String INSERT =
            """
            INSERT INTO sluice.bulk_ledger (dataset, unit, lines, records, stored, quarantined)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    /** The key is of 64 bits and hashed: a collision with another lock only makes a unit wait for its turn. */
    private static final String LOCK = "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(?, 0))";

    private final long dataset;

    /** @param dataset the dataset's id */
    public BulkLedger(long dataset) {
        this.dataset = dataset;
    }

    /** The dataset's id. */
    public long dataset() {
        return dataset;
    }

    /** What is known of a unit before it is loaded; null if nobody has loaded it. */
    @Nullable
    UnitResult look(Connection connection, Unit unit, boolean yields) throws SQLException {
        if (Query.of(
                        connection,
                        "SELECT FROM sluice.bulk_ledger WHERE dataset = ? AND unit = ?",
                        dataset,
                        unit.number())
                .hasRow()) {
            return UnitResult.ELSEWHERE;
        }
        boolean isFree = !yields
                || Query.of(connection, LOCK, "sluice.bulk." + dataset + "." + unit.number())
                        .isTrue();
        return isFree ? null : UnitResult.BUSY;
    }

    /** Whether the unit was not there; waits for another transaction that is about to insert it. */
    boolean insert(Connection connection, Unit unit, UnitCounts counts) throws SQLException {
        return Query.of(
                                connection,
                                INSERT,
                                dataset,
                                unit.number(),
                                counts.lines(),
                                counts.records(),
                                counts.stored(),
                                counts.quarantined())
                        .update()
                == 1;
    }

    /** The sums of all units that are loaded. */
    public Totals totals(Database database) {
        return database.transact("read the bulk ledger", connection -> Query.of(
                        connection,
                        "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(records), 0), coalesce(sum(stored), 0),"
                                + " coalesce(sum(quarantined), 0) FROM sluice.bulk_ledger WHERE dataset = ?",
                        dataset)
                .one(row -> new Totals(
                        row.getInt(1),
                        new UnitCounts(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))));
    }

    /** @param units that are loaded */
    public record Totals(int units, UnitCounts counts) {}
}
