package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Original;
import dev.sluice.postgres.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the quarantine: what was rejected and why; originals only as they are stored, sealed. Thread-safe. */
public final class QuarantineReader {

    private static final String COLUMNS = "id, pipeline, pipeline_version, reason, column_name, sent_at, message_id,"
            + " record_index, receive_count, quarantined_at, original_form, sqlstate,"
            + " constraint_name, protection";

    /** What {@link #sealed} reads. */
    static final String SEALED_COLUMNS = COLUMNS + ", original, idempotency_key";

    private static final String ACTION = "read the quarantine";

    private final Database database;

    public QuarantineReader(Database database) {
        this.database = database;
    }

    /**
     * The newest records, newest first.
     *
     * @param limit at most so many, at least 0
     * @throws InfrastructureException when the quarantine cannot be read
     */
    public List<Entry> list(int limit) {
        return database.transact(ACTION, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM sluice.quarantine ORDER BY id DESC LIMIT ?")) {
                statement.setInt(1, limit);
                ResultSet found = statement.executeQuery();
                List<Entry> entries = new ArrayList<>();
                while (found.next()) {
                    entries.add(entry(found));
                }
                return entries;
            }
        });
    }

    /**
     * One record with its sealed original.
     *
     * @return empty when there is none of that id
     * @throws InfrastructureException when the quarantine cannot be read
     */
    public Optional<Sealed> get(long id) {
        return database.transact(ACTION, connection -> get(connection, id));
    }

    private static Optional<Sealed> get(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + SEALED_COLUMNS + " FROM sluice.quarantine WHERE id = ?")) {
            statement.setLong(1, id);
            ResultSet found = statement.executeQuery();
            return found.next() ? Optional.of(sealed(found)) : Optional.empty();
        }
    }

    static Sealed sealed(ResultSet found) throws SQLException {
        return new Sealed(entry(found), found.getBytes("original"), found.getBytes("idempotency_key"));
    }

    private static Entry entry(ResultSet found) throws SQLException {
        return new Entry(
                found.getLong("id"),
                found.getString("pipeline"),
                found.getString("pipeline_version"),
                found.getString("reason"),
                found.getString("column_name"),
                instant(found, "sent_at"),
                found.getString("message_id"),
                found.getInt("record_index"),
                found.getInt("receive_count"),
                instant(found, "quarantined_at"),
                Original.Form.valueOf(found.getString("original_form").toUpperCase(Locale.ROOT)),
                found.getString("sqlstate"),
                found.getString("constraint_name"),
                found.getString("protection"));
    }

    private static Instant instant(ResultSet found, String column) throws SQLException {
        return found.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * A rejected record, without its original.
     *
     * @param id counts up, with gaps
     * @param pipeline the pipeline that rejected it; with {@code messageId}, what the sealed original is bound to
     * @param pipelineVersion the version of its file
     * @param reason a {@link dev.sluice.mapping.Reason}'s label; text, since an older program's may be gone
     * @param column the column that could not be filled; null when the record as a whole was at fault
     * @param sentAt when SQS accepted the message
     * @param messageId the queue's id of the message
     * @param recordIndex the record's place in the message, from 0
     * @param receiveCount which delivery it was, from 1
     * @param quarantinedAt the database's time
     * @param form what the original is, where a replay begins
     * @param sqlState what the database refused the row with; null when it never got to the database
     * @param constraint the constraint or index that the row violates; null when there is none of a name
     * @param protection the {@link dev.sluice.mapping.FieldProtection#text} that the original is bound to; null when it was
     *     sealed by a version that did not bind it
     */
    public record Entry(
            long id,
            String pipeline,
            String pipelineVersion,
            String reason,
            @Nullable String column,
            Instant sentAt,
            String messageId,
            int recordIndex,
            int receiveCount,
            Instant quarantinedAt,
            Original.Form form,
            @Nullable String sqlState,
            @Nullable String constraint,
            @Nullable String protection) {

        /** What the sealed original is bound to. */
        public Original.Binding binding() {
            return new Original.Binding(pipeline, messageId, protection);
        }
    }

    /**
     * @param entry the record
     * @param original what {@link Original#seal()} made
     * @param idempotencyKey what the record claimed in the ledger; null when it was its message and place
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from the result set to the unsealer, never compared
    public record Sealed(Entry entry, byte[] original, byte @Nullable [] idempotencyKey) {}
}
