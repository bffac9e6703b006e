package dev.sluice.postgres;

import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Rejection;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
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
                record_index, receive_count, original, original_form)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final PipelineSpec spec;

    QuarantineTable(PipelineSpec spec) {
        this.spec = spec;
    }

    /** @return how many records were written */
    int insert(Connection connection, List<MappedRecord> rejects) throws SQLException {
        if (rejects.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            for (MappedRecord reject : rejects) {
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

    private void bind(PreparedStatement statement, MappedRecord reject) throws SQLException {
        Rejection rejection = (Rejection) reject.outcome();
        Message message = reject.message();
        statement.setString(1, spec.name());
        statement.setString(2, spec.version());
        statement.setString(3, rejection.reason().label());
        statement.setString(4, rejection.column());
        statement.setObject(5, message.sentAt().atOffset(ZoneOffset.UTC));
        statement.setString(6, message.id());
        statement.setInt(7, reject.index());
        statement.setInt(8, message.receiveCount());
        statement.setBytes(9, rejection.original().seal());
        statement.setString(10, label(rejection.original().form()));
    }

    static String label(Original.Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }
}
