package dev.sluice.postgres.table;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds records of one pipeline to {@code sluice.quarantine}: why, which message, and the original, sealed. Thread-safe.
 */
public final class QuarantineWriter {

    private static final String INSERT =
            """
            INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at, message_id,
                record_index, receive_count, original, original_form, sqlstate, constraint_name,
                idempotency_key, protection, bulk_dataset, bulk_unit, unit_line)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final PipelineSpec spec;

    public QuarantineWriter(PipelineSpec spec) {
        this.spec = spec;
    }

    /** Writes records, all of them. */
    public void insertAll(Connection connection, List<RejectedRecord> rejects) throws SQLException {
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
        Provenance provenance = reject.provenance();
        Provenance.Line line = provenance.line();
        SqlError error = reject.error();
        return new @Nullable Object[] {
            spec.name(),
            spec.version(),
            reject.rejection().reason().label(),
            Query.text(reject.rejection().column()),
            provenance.sentAt(),
            reject.messageId(),
            provenance.index(),
            provenance.receiveCount(),
            original.seal(),
            original.form().label(),
            Query.text(error == null ? null : error.sqlState()),
            Query.text(error == null ? null : error.constraint()),
            Query.bytes(original.idempotencyKey()),
            Query.text(original.binding().protection()),
            Query.bigint(line == null ? null : line.dataset()),
            Query.bigint(line == null ? null : (long) line.unit()),
            Query.bigint(line == null ? null : line.number())
        };
    }
}
