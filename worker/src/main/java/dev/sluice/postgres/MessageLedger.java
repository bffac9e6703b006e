package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The ledger by deliveries: SentTimestamp, message id and place, a partition for each day (UTC). Stateless. */
final class MessageLedger implements Ledger {

    /** A worker that cannot make partitions for a week still has them. */
    private static final int DAYS_AHEAD = 7;

    private static final String COPY_SQL =
            "COPY sluice.ledger (sent_at, message_id, record_index) FROM STDIN (FORMAT binary)";

    private static final String CLAIM_SQL = "SELECT * FROM sluice.ledger_claim(?, ?, ?)";

    private static final String PREPARE_SQL = "SELECT complete FROM sluice.ledger_ensure(?, ?)";

    private static final String PRUNE_SQL = "SELECT sluice.ledger_prune(?)";

    private final int keptDays;

    /** @param keptDays for how long a key is needed */
    MessageLedger(int keptDays) {
        this.keptDays = keptDays;
    }

    @Override
    public void announce(Connection connection) throws SQLException {
        Ledger.announce(connection, "message", keptDays);
    }

    /** Makes the partitions around today. A message outside of them goes to the DEFAULT partition. */
    @Override
    public boolean prepare(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PREPARE_SQL)) {
            statement.setInt(1, keptDays);
            statement.setInt(2, DAYS_AHEAD);
            ResultSet answer = statement.executeQuery();
            answer.next();
            return answer.getBoolean(1);
        }
    }

    @Override
    public long prune(Connection connection, long from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PRUNE_SQL)) {
            statement.setInt(1, keptDays);
            ResultSet answer = statement.executeQuery();
            answer.next();
            return switch (answer.getString(1)) {
                case "more" -> 0;
                case "in use" -> IN_USE;
                default -> ALL;
            };
        }
    }

    @Override
    public BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException {
        CopyBuffer copy = new CopyBuffer();
        for (Key key : keys(records)) {
            copy.row(3);
            copy.int8(ColumnEncoder.microseconds(key.sentAt));
            copy.uuid(key.messageId);
            copy.int4(key.recordIndex);
        }
        return LedgerCopy.claimAll(connection, copy, COPY_SQL);
    }

    @Override
    public BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException {
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

    private static Object[] column(List<Key> keys, Function<Key, Object> part) {
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

    /** @param position the record's place in the batch */
    private record Key(Instant sentAt, UUID messageId, int recordIndex, int position) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::sentAt).thenComparing(Key::messageId).thenComparingInt(Key::recordIndex);
    }
}
