package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The records of one pipeline in {@code sluice.quarantine}, as sink and replay write them: why, which message, and the
 * original, sealed. Thread-safe.
 */
final class QuarantineTable {

    private static final String INSERT =
            """
            INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at, message_id,
                record_index, receive_count, original, original_form, sqlstate, constraint_name,
                idempotency_key, protection)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

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

    /** Writes records, all of them. */
    void insertAll(Connection connection, List<RejectedRecord> rejects) throws SQLException {
        if (rejects.isEmpty()) {
            return;
        }
        long written = Query.updateAll(
                connection, INSERT, rejects.stream().map(this::parameters).toList());
        if (written != rejects.size()) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not store a batch: the quarantine took " + written + " of " + rejects.size()
                            + " records without an error (a trigger that drops rows?); nothing was stored");
        }
    }

    // Typed nulls, so that the driver parses the statement once per batch.
    private @Nullable Object[] parameters(RejectedRecord reject) {
        Original original = reject.rejection().original();
        Message message = reject.record().message();
        SqlError error = reject.error();
        return new @Nullable Object[] {
            spec.name(),
            spec.version(),
            reject.rejection().reason().label(),
            Query.text(reject.rejection().column()),
            message.sentAt(),
            message.id(),
            reject.record().index(),
            message.receiveCount(),
            original.seal(),
            label(original.form()),
            Query.text(error == null ? null : error.sqlState()),
            Query.text(error == null ? null : error.constraint()),
            Query.bytes(original.idempotencyKey()),
            Query.text(original.binding().protection())
        };
    }

    private static String label(Original.Form form) {
        return form.name().toLowerCase(Locale.ROOT);
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
                        isBound ? null : label(original.form()),
                        isBound ? null : original.binding().protection(),
                        entry.id())
                .update();
    }

    void delete(Connection connection, long id) throws SQLException {
        Query.of(connection, "DELETE FROM sluice.quarantine WHERE id = ?", id).update();
    }
}
