package dev.sluice.postgres;

import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import dev.sluice.pipeline.MappedRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * The delivery ledger: a key for every record ever stored or quarantined, claimed in the transaction that writes the row.
 * Keys are always claimed in one order, so that workers who hold the same messages wait for, and do not deadlock, each
 * other. Stateless.
 */
final class Ledger {

    /** SQS keeps a message 14 days at most (AWS, SQS message quotas); one more for clocks. */
    private static final int DAYS_BACK = 15;

    /** A worker that cannot make partitions for a week still has them. */
    private static final int DAYS_AHEAD = 7;

    private static final String COPY_SQL =
            "COPY sluice.ledger (sent_at, message_id, record_index) FROM STDIN (FORMAT binary)";

    /** The lowest place per key: should one come twice in a batch after all, only the first is new. */
    private static final String CLAIM_SQL =
            """
            WITH incoming AS (
                SELECT * FROM unnest(?::timestamptz[], ?::uuid[], ?::integer[])
                    WITH ORDINALITY AS key (sent_at, message_id, record_index, place)
            ), claimed AS (
                INSERT INTO sluice.ledger (sent_at, message_id, record_index)
                SELECT sent_at, message_id, record_index FROM incoming ORDER BY place
                ON CONFLICT DO NOTHING
                RETURNING sent_at, message_id, record_index
            )
            SELECT min(place) FROM incoming JOIN claimed USING (sent_at, message_id, record_index)
            GROUP BY sent_at, message_id, record_index
            """;

    /** Makes the partitions around today. A message outside of them goes to the DEFAULT partition. */
    int ensurePartitions(Connection connection, LocalDate today) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT sluice.ledger_ensure(?, ?)")) {
            statement.setObject(1, today.minusDays(DAYS_BACK));
            statement.setObject(2, today.plusDays(DAYS_AHEAD));
            ResultSet made = statement.executeQuery();
            made.next();
            return made.getInt(1);
        }
    }

    /**
     * Claims the keys of records that are all believed to be new.
     *
     * @return the records that are new: all of them
     * @throws Conflict when one is not; the transaction is lost
     */
    BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException {
        CopyBuffer copy = new CopyBuffer();
        for (Key key : keys(records)) {
            copy.row(3);
            copy.int8(ColumnEncoder.microseconds(key.sentAt));
            copy.uuid(key.messageId);
            copy.int4(key.recordIndex);
        }
        demand(copyKeys(connection, copy) == records.size());
        BitSet all = new BitSet(records.size());
        all.set(0, records.size());
        return all;
    }

    private static long copyKeys(Connection connection, CopyBuffer copy) throws SQLException {
        try {
            return copy.copyTo(connection, COPY_SQL);
        } catch (SQLException e) {
            if (DatabaseFailures.state(e).equals(DatabaseFailures.UNIQUE_VIOLATION)) {
                throw new Conflict();
            }
            throw e;
        }
    }

    /**
     * Claims the keys of those records whose keys are free.
     *
     * @return the records that are new
     */
    BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException {
        List<Key> keys = keys(records);
        try (PreparedStatement statement = connection.prepareStatement(CLAIM_SQL)) {
            statement.setArray(1, connection.createArrayOf("timestamptz", column(keys, key -> key.sentAt.toString())));
            statement.setArray(2, connection.createArrayOf("uuid", column(keys, key -> key.messageId)));
            statement.setArray(3, connection.createArrayOf("integer", column(keys, key -> key.recordIndex)));
            ResultSet claimed = statement.executeQuery();
            BitSet fresh = new BitSet(records.size());
            while (claimed.next()) {
                fresh.set(keys.get(claimed.getInt(1) - 1).position);
            }
            return fresh;
        }
    }

    private static Object[] column(List<Key> keys, java.util.function.Function<Key, Object> part) {
        return keys.stream().map(part).toArray();
    }

    private static List<Key> keys(List<MappedRecord> records) {
        List<Key> keys = new ArrayList<>(records.size());
        for (int position = 0; position < records.size(); position++) {
            MappedRecord mapped = records.get(position);
            UUID messageId = MessageIds.toUuid(mapped.message().id());
            keys.add(new Key(mapped.message().sentAt(), messageId, mapped.index(), position));
        }
        keys.sort(Key.ORDER);
        return keys;
    }

    private static void demand(boolean complete) {
        if (!complete) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "the ledger took fewer keys than it was given (a trigger or rule on it?); nothing was stored");
        }
    }

    /** @param position the record's place in the batch */
    private record Key(Instant sentAt, UUID messageId, int recordIndex, int position) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::sentAt).thenComparing(Key::messageId).thenComparingInt(Key::recordIndex);
    }

    /** A key that was believed to be new is not. Bears nothing, is thrown once per such batch, never leaves the sink. */
    static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict() {
            super("a key of the batch is in the ledger already", null, false, false);
        }
    }
}
