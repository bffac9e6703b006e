package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.db.CopyBuffer;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.table.ColumnEncoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The ledger by messages: SentTimestamp, message id and position of the record; daily partitions (UTC). Stateless. */
final class MessageLedger implements Ledger {

    /** So that a worker can go without maintenance for a week. */
    private static final int DAYS_AHEAD = 7;

    private static final String COPY_SQL =
            "COPY sluice.ledger (sent_at, message_id, record_index) FROM STDIN (FORMAT binary)";

    private static final String CLAIM_SQL = "SELECT * FROM sluice.ledger_claim(?, ?, ?)";

    private static final String PREPARE_SQL = "SELECT complete FROM sluice.ledger_ensure(?, ?)";

    private static final String PRUNE_SQL = "SELECT sluice.ledger_prune(?)";

    private final int keptDays;

    /** @param keptDays days for which a key is needed */
    MessageLedger(int keptDays) {
        this.keptDays = keptDays;
    }

    @Override
    public void announce(Connection connection) throws SQLException {
        Ledger.announce(connection, "message", keptDays);
    }

    /** Creates the partitions around today. Keys of other days go to the DEFAULT partition. */
    @Override
    public boolean prepare(Connection connection) throws SQLException {
        return Query.of(connection, PREPARE_SQL, keptDays, DAYS_AHEAD).isTrue();
    }

    @Override
    public long prune(Connection connection, long from) throws SQLException {
        return switch (Query.of(connection, PRUNE_SQL, keptDays).text()) {
            case "more" -> 0;
            case "in use" -> IN_USE;
            default -> ALL;
        };
    }

    @Override
    public BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException {
        CopyBuffer copy = new CopyBuffer();
        for (DeliveryKey key : keys(records)) {
            copy.row(3);
            copy.int8(ColumnEncoder.microseconds(key.sentAt));
            copy.uuid(key.messageId);
            copy.int4(key.recordIndex);
        }
        return Ledger.copyAll(connection, copy, COPY_SQL);
    }

    @Override
    public BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException {
        List<DeliveryKey> keys = keys(records);
        BitSet fresh = new BitSet(records.size());
        Query.of(
                        connection,
                        CLAIM_SQL,
                        column("timestamptz", keys, key -> key.sentAt.toString()),
                        column("uuid", keys, key -> key.messageId),
                        column("integer", keys, key -> key.recordIndex))
                .forEach(row -> fresh.set(keys.get(row.getInt(1) - 1).position));
        return fresh;
    }

    private static Query.Parameter column(String type, List<DeliveryKey> keys, Function<DeliveryKey, Object> part) {
        return Query.array(type, keys.stream().map(part).toArray());
    }

    private static List<DeliveryKey> keys(List<MappedRecord> records) {
        List<DeliveryKey> keys = new ArrayList<>(records.size());
        for (int position = 0; position < records.size(); position++) {
            MappedRecord mapped = records.get(position);
            UUID messageId = MessageIds.toUuid(mapped.message().id());
            keys.add(new DeliveryKey(mapped.message().sentAt(), messageId, mapped.index(), position));
        }
        keys.sort(DeliveryKey.ORDER);
        return keys;
    }

    /** @param position of the record in the batch */
    private record DeliveryKey(Instant sentAt, UUID messageId, int recordIndex, int position) {
        static final Comparator<DeliveryKey> ORDER = Comparator.comparing(DeliveryKey::sentAt)
                .thenComparing(DeliveryKey::messageId)
                .thenComparingInt(DeliveryKey::recordIndex);
    }
}
