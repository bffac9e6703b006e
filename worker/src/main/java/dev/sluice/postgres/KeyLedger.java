package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.db.CopyBuffer;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The ledger by the producer's ids or the records' contents, kept for a number of days. Stateless. */
final class KeyLedger implements Ledger {

    private final int keptDays;

    KeyLedger(int keptDays) {
        this.keptDays = keptDays;
    }

    @Override
    public void announce(Connection connection) throws SQLException {
        Ledger.announce(connection, "key", keptDays);
    }

    @Override
    public boolean prepare(Connection connection) {
        return true;
    }

    @Override
    public long prune(Connection connection, long from) throws SQLException {
        return Query.of(connection, "SELECT sluice.ledger_by_key_prune(?, ?)", keptDays, from)
                .one(row -> Objects.requireNonNullElse(row.getObject(1, Long.class), ALL));
    }

    @Override
    public BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException {
        CopyBuffer copy = new CopyBuffer();
        for (RecordKey key : keys(records)) {
            copy.row(1);
            copy.bytes(key.bytes);
        }
        return Ledger.copyAll(connection, copy, "COPY sluice.ledger_by_key (key) FROM STDIN (FORMAT binary)");
    }

    @Override
    public BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException {
        List<RecordKey> keys = keys(records);
        byte[][] bytes = keys.stream().map(key -> key.bytes).toArray(byte[][]::new);
        BitSet fresh = new BitSet(records.size());
        Query.of(connection, "SELECT * FROM sluice.ledger_claim_keys(?)", Query.array("bytea", bytes))
                .forEach(row -> fresh.set(keys.get(row.getInt(1) - 1).position));
        return fresh;
    }

    private static List<RecordKey> keys(List<MappedRecord> records) {
        List<RecordKey> keys = new ArrayList<>(records.size());
        for (int position = 0; position < records.size(); position++) {
            byte[] key = records.get(position).outcome().original().idempotencyKey();
            keys.add(new RecordKey(Objects.requireNonNull(key, "the mapper gives each record its key"), position));
        }
        keys.sort(
                Comparator.comparing(RecordKey::bytes, Arrays::compareUnsigned).thenComparingInt(RecordKey::position));
        return keys;
    }

    /** @param position of the record in the batch */
    @SuppressWarnings("ArrayRecordComponent") // compared by content in keys() only
    private record RecordKey(byte[] bytes, int position) {}
}
