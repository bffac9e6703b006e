package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Writes rejected records to {@code sluice.quarantine}: why, which message, and the original, sealed. Thread-safe. */
final class QuarantineTable {

    private static final String SQL =
            """
            INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at, message_id,
                record_index, receive_count, original, original_form, sqlstate, constraint_name,
                idempotency_key, protection)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final PipelineSpec spec;

    QuarantineTable(PipelineSpec spec) {
        this.spec = spec;
    }

    /** Writes records; each is there afterwards. */
    void insertAll(Connection connection, List<RejectedRecord> rejects) throws SQLException {
        int written = insert(connection, rejects);
        if (written != rejects.size()) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not store a batch: the quarantine took " + written + " of " + rejects.size()
                            + " records without an error (a trigger that drops rows?); nothing was stored");
        }
    }

    private int insert(Connection connection, List<RejectedRecord> rejects) throws SQLException {
        if (rejects.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            for (RejectedRecord reject : rejects) {
                bind(statement, reject);
                statement.addBatch();
            }
            int written = 0;
            for (int count : statement.executeBatch()) {
                written += count;
            }
            return written;
        }
    }

    private void bind(PreparedStatement statement, RejectedRecord reject) throws SQLException {
        Rejection rejection = reject.rejection();
        Message message = reject.record().message();
        statement.setString(1, spec.name());
        statement.setString(2, spec.version());
        statement.setString(3, rejection.reason().label());
        statement.setString(4, rejection.column());
        statement.setObject(5, message.sentAt().atOffset(ZoneOffset.UTC));
        statement.setString(6, message.id());
        statement.setInt(7, reject.record().index());
        statement.setInt(8, message.receiveCount());
        statement.setBytes(9, rejection.original().seal());
        statement.setString(10, label(rejection.original().form()));
        SqlError refusal = reject.refusal();
        statement.setString(11, refusal == null ? null : refusal.sqlState());
        statement.setString(12, refusal == null ? null : refusal.constraint());
        statement.setBytes(13, rejection.original().idempotencyKey());
        statement.setString(14, rejection.original().binding().protection());
    }

    static String label(Original.Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }
}
