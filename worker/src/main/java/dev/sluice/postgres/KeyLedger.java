package dev.sluice.postgres;

import dev.sluice.pipeline.MappedRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The ledger by the producer's ids or the records' contents, remembered for a number of days. Stateless. */
final class KeyLedger implements Ledger {

    private static final String COPY_SQL = "COPY sluice.ledger_by_key (key) FROM STDIN (FORMAT binary)";

    private static final String CLAIM_SQL = "SELECT * FROM sluice.ledger_claim_keys(?)";

    private static final String PRUNE_SQL = "SELECT sluice.ledger_by_key_prune(?, ?)";

    private final int keptDays;

    /** @param keptDays for how long a key is needed */
    KeyLedger(int keptDays) {
        this.keptDays = keptDays;
    }

    @Override
    public void announce(Connection connection) throws SQLException {
        Ledger.announce(connection, "key", keptDays);
    }

    /** Needs nothing made. */
    @Override
    public boolean prepare(Connection connection) {
        return true;
    }

    @Override
    public long prune(Connection connection, long from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PRUNE_SQL)) {
            statement.setInt(1, keptDays);
            statement.setLong(2, from);
            ResultSet answer = statement.executeQuery();
            answer.next();
            long next = answer.getLong(1);
            return answer.wasNull() ? ALL : next;
        }
    }

    @Override
    public BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException {
        CopyBuffer copy = new CopyBuffer();
        for (Key key : keys(records)) {
            copy.row(1);
            copy.field(key.bytes.length).put(key.bytes);
        }
        return LedgerCopy.claimAll(connection, copy, COPY_SQL);
    }

    @Override
    public BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException {
        List<Key> keys = keys(records);
        try (PreparedStatement statement = connection.prepareStatement(CLAIM_SQL)) {
            Object[] bytes = keys.stream().map(key -> key.bytes).toArray(byte[][]::new);
            statement.setArray(1, connection.createArrayOf("bytea", bytes));
            ResultSet claimed = statement.executeQuery();
            BitSet fresh = new BitSet(records.size());
            while (claimed.next()) {
                fresh.set(keys.get(claimed.getInt(1) - 1).position);
            }
            return fresh;
        }
    }

    private static List<Key> keys(List<MappedRecord> records) {
        List<Key> keys = new ArrayList<>(records.size());
        for (int position = 0; position < records.size(); position++) {
            byte[] key = records.get(position).outcome().original().idempotencyKey();
            keys.add(new Key(Objects.requireNonNull(key, "the mapper gives each record its key"), position));
        }
        keys.sort(Key.ORDER);
        return keys;
    }

    /** @param position the record's place in the batch */
    @SuppressWarnings("ArrayRecordComponent") // compared by its order only
    private record Key(byte[] bytes, int position) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::bytes, Arrays::compareUnsigned).thenComparingInt(Key::position);
    }
}
