package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import dev.sluice.postgres.QuarantineReader.Entry;
import dev.sluice.postgres.QuarantineReplay.Replayed;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done within one transaction of a replay, on the fixed search path. Made anew for each; one thread. */
final class ReplayTransaction {

    private final Connection connection;
    private final PipelineSpec spec;
    private final Ledger ledger;
    private final RowWriter rowWriter;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Replay> replays = new ArrayList<>();

    ReplayTransaction(Connection connection, PipelineSpec spec, Ledger ledger, RowWriter rowWriter) {
        this.connection = connection;
        this.spec = spec;
        this.ledger = ledger;
        this.rowWriter = rowWriter;
    }

    /** @param key what the entry claimed; null when it was its message and place */
    void add(Entry entry, byte @Nullable [] key, List<MappedRecord> records) {
        entries.add(entry);
        for (MappedRecord mapped : records) {
            byte[] today = mapped.outcome().original().idempotencyKey();
            boolean own = today == null ? mapped.index() == entry.recordIndex() : Arrays.equals(today, key);
            replays.add(new Replay(entry, mapped, own));
        }
    }

    Replayed run() throws SQLException {
        claimOthers();
        List<Replay> rows = replays.stream()
                .filter(replay -> replay.isNew && replay.mapped.outcome() instanceof Row)
                .toList();
        SearchPath.restore(connection);
        Map<Integer, SqlError> refused = rowWriter.write(
                connection, rows.stream().map(replay -> replay.mapped).toList());
        SearchPath.fix(connection);
        refused.forEach((place, refusal) -> rows.get(place).refuse(refusal));
        replays.forEach(Replay::rejectIfMapperDid);
        for (Entry entry : entries) {
            settle(
                    entry,
                    replays.stream()
                            .filter(replay -> replay.entry.equals(entry))
                            .toList());
        }
        long rejected = replays.stream().filter(replay -> replay.reject != null).count();
        return new Replayed(
                entries.size(),
                0,
                replays.size(),
                rows.size() - refused.size(),
                replays.stream().filter(replay -> !replay.isNew).count(),
                rejected);
    }

    /** Records that the entry did not claim: further ones of its body, or known by another key since. */
    private void claimOthers() throws SQLException {
        List<Replay> others = replays.stream().filter(replay -> !replay.isNew).toList();
        if (others.isEmpty()) {
            return;
        }
        BitSet fresh = ledger.claimFree(
                connection, others.stream().map(replay -> replay.mapped).toList());
        fresh.stream().forEach(place -> others.get(place).isNew = true);
    }

    /** An entry whose only record is rejected again is kept; any other goes, and its rejected records get their own. */
    private void settle(Entry entry, List<Replay> ofEntry) throws SQLException {
        List<RejectedRecord> rejects = new ArrayList<>();
        for (Replay replay : ofEntry) {
            if (replay.reject != null) {
                rejects.add(replay.reject);
            }
        }
        if (ofEntry.size() == 1 && rejects.size() == 1) {
            ReplayedEntries.keep(connection, entry, spec.version(), rejects.getFirst());
            return;
        }
        new QuarantineTable(spec).insertAll(connection, rejects);
        ReplayedEntries.delete(connection, entry.id());
    }

    private static final class Replay {

        private final Entry entry;
        private final MappedRecord mapped;
        private boolean isNew;
        private @Nullable RejectedRecord reject;

        Replay(Entry entry, MappedRecord mapped, boolean isNew) {
            this.entry = entry;
            this.mapped = mapped;
            this.isNew = isNew;
        }

        void refuse(SqlError refusal) {
            reject = RejectedRecord.byDatabase(mapped, mapped.outcome(), refusal);
        }

        void rejectIfMapperDid() {
            if (isNew && mapped.outcome() instanceof Rejection rejection) {
                reject = RejectedRecord.byMapper(mapped, rejection);
            }
        }
    }
}
