package dev.sluice.postgres;

import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.table.RejectedRecord;
import dev.sluice.postgres.table.RowCopy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The records of one pipeline in {@code sluice.quarantine}, as a replay reads, keeps and deletes them. Thread-safe. */
final class QuarantineTable {

    private static final String UPDATE =
            """
            UPDATE sluice.quarantine SET pipeline_version = ?, reason = ?, column_name = ?, sqlstate = ?,
                constraint_name = ?, idempotency_key = ?, original = coalesce(?, original),
                original_form = coalesce(?, original_form), protection = coalesce(?, protection)
            WHERE id = ?
            """;

    private final PipelineSpec spec;

    QuarantineTable(PipelineSpec spec) {
        this.spec = spec;
    }

    /**
     * What there is to replay, up to the newest entry: what a replay itself adds is not replayed.
     *
     * @param rowCopy for the table as it is now
     */
    ReplayPlan plan(Connection connection, ReplaySelection selection, RowCopy rowCopy) throws SQLException {
        ReplayPlan plan = new ReplayPlan(selection, 0, 0, Set.of(), rowCopy);
        List<ReplayPlan> parts = selected(
                        connection,
                        "SELECT count(*), max(id), pipeline_version, protection",
                        selection,
                        " GROUP BY pipeline_version, protection")
                .list(row -> new ReplayPlan(
                        selection,
                        row.getLong(1),
                        row.getLong(2),
                        Set.of(new Sealing(row.getString(3), row.getString(4))),
                        rowCopy));
        return parts.stream().reduce(plan, ReplayPlan::plus);
    }

    /** The next entries of a plan by id, locked until the transaction ends. */
    List<SealedQuarantineEntry> lock(Connection connection, ReplayPlan plan, long after, int limit)
            throws SQLException {
        return selected(
                        connection,
                        "SELECT " + SealedQuarantineEntry.COLUMNS,
                        plan.selection(),
                        " AND id > ? AND id <= ? ORDER BY id LIMIT ? FOR UPDATE",
                        after,
                        plan.last(),
                        limit)
                .list(SealedQuarantineEntry::of);
    }

    private Query selected(
            Connection connection, String select, ReplaySelection selection, String rest, Object... restParameters) {
        QuarantineFilter filter = selection.filter().ofPipeline(spec.name());
        List<Object> more = new ArrayList<>();
        more.add(selection.ids().isEmpty());
        more.add(Query.array("bigint", selection.ids().toArray()));
        more.addAll(List.of(restParameters));
        String sql = select + " FROM sluice.quarantine" + filter.where() + " AND (? OR id = ANY (?))" + rest;
        return Query.of(connection, sql, filter.parameters(more.toArray()));
    }

    /** Keeps an entry with today's reason and key. Seals the original again if it was bound to no protection. */
    void update(Connection connection, QuarantineEntry entry, RejectedRecord reject) throws SQLException {
        SqlError error = reject.error();
        Original original = reject.rejection().original();
        boolean isBound = entry.protection() != null;
        Query.of(
                        connection,
                        UPDATE,
                        spec.version(),
                        reject.rejection().reason().label(),
                        reject.rejection().column(),
                        error == null ? null : error.sqlState(),
                        error == null ? null : error.constraint(),
                        original.idempotencyKey(),
                        isBound ? null : original.seal(),
                        isBound ? null : original.form().label(),
                        isBound ? null : original.binding().protection(),
                        entry.id())
                .update();
    }

    void delete(Connection connection, long id) throws SQLException {
        Query.of(connection, "DELETE FROM sluice.quarantine WHERE id = ?", id).update();
    }
}
