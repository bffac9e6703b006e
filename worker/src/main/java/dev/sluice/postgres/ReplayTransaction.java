package dev.sluice.postgres;

import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.table.QuarantineWriter;
import dev.sluice.postgres.table.RejectedRecord;
import dev.sluice.postgres.table.Replayed;
import dev.sluice.postgres.table.RowWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The writes within one transaction of a replay, on the fixed search path. Used once, by one thread. */
final class ReplayTransaction {

    private final Connection connection;
    private final Ledger ledger;
    private final RowWriter rowWriter;
    private final QuarantineTable quarantine;
    private final QuarantineWriter quarantineWriter;
    private final List<QuarantineEntry> entries = new ArrayList<>();
    private final List<ReplayedRecord> replayed = new ArrayList<>();

    ReplayTransaction(Connection connection, PipelineSpec spec, Ledger ledger, RowWriter rowWriter) {
        this.connection = connection;
        this.ledger = ledger;
        this.rowWriter = rowWriter;
        this.quarantine = new QuarantineTable(spec);
        this.quarantineWriter = new QuarantineWriter(spec);
    }

    /**
     * Adds an entry whose original was opened.
     *
     * @param key what the entry claimed; null for its message id and position
     * @param outcomes of the records in its original
     */
    void add(QuarantineEntry entry, byte @Nullable [] key, List<Outcome> outcomes) {
        entries.add(entry);
        Message message = new Message(entry.messageId(), "", entry.sentAt(), entry.receiveCount(), new byte[0]);
        int index = entry.recordIndex();
        for (Outcome outcome : outcomes) {
            MappedRecord mapped = new MappedRecord(message, index++, outcome);
            byte[] today = outcome.original().idempotencyKey();
            boolean own = today == null ? mapped.index() == entry.recordIndex() : Arrays.equals(today, key);
            replayed.add(new ReplayedRecord(entry, mapped, own));
        }
    }

    Replayed run() throws SQLException {
        claimOthers();
        List<ReplayedRecord> rows = replayed.stream()
                .filter(one -> one.isNew && one.mapped.outcome() instanceof Row)
                .toList();
        SearchPath.restore(connection);
        Map<Integer, SqlError> rejected = rowWriter.write(
                connection, rows.stream().map(one -> (Row) one.mapped.outcome()).toList());
        SearchPath.fix(connection);
        rejected.forEach((position, error) -> rows.get(position).reject(error));
        replayed.forEach(ReplayedRecord::rejectIfMapperDid);
        for (QuarantineEntry entry : entries) {
            settle(
                    entry,
                    replayed.stream().filter(one -> one.entry.equals(entry)).toList());
        }
        return new Replayed(
                entries.size(),
                0,
                replayed.size(),
                rows.size() - rejected.size(),
                replayed.stream().filter(one -> !one.isNew).count(),
                replayed.stream().filter(one -> one.reject != null).count());
    }

    /** Claims records that the entry did not claim: further ones of its body, or with another key today. */
    private void claimOthers() throws SQLException {
        List<ReplayedRecord> others =
                replayed.stream().filter(one -> !one.isNew).toList();
        if (!others.isEmpty()) {
            BitSet fresh = ledger.claimFree(
                    connection, others.stream().map(one -> one.mapped).toList());
            fresh.stream().forEach(position -> others.get(position).isNew = true);
        }
    }

    /** Keeps an entry whose only record is rejected again. Deletes any other; its rejected records get their own entries. */
    private void settle(QuarantineEntry entry, List<ReplayedRecord> ofEntry) throws SQLException {
        List<RejectedRecord> rejects = new ArrayList<>();
        for (ReplayedRecord one : ofEntry) {
            if (one.reject != null) {
                rejects.add(one.reject);
            }
        }
        if (ofEntry.size() == 1 && rejects.size() == 1) {
            quarantine.update(connection, entry, rejects.getFirst());
        } else {
            quarantineWriter.insertAll(connection, rejects);
            quarantine.delete(connection, entry.id());
        }
    }

    private static final class ReplayedRecord {

        private final QuarantineEntry entry;
        private final MappedRecord mapped;
        private boolean isNew;
        private @Nullable RejectedRecord reject;

        ReplayedRecord(QuarantineEntry entry, MappedRecord mapped, boolean isNew) {
            this.entry = entry;
            this.mapped = mapped;
            this.isNew = isNew;
        }

        void reject(SqlError error) {
            reject = RejectedRecord.byDatabase(BatchTransaction.provenance(mapped), (Row) mapped.outcome(), error);
        }

        void rejectIfMapperDid() {
            if (isNew && mapped.outcome() instanceof Rejection rejection) {
                reject = RejectedRecord.byMapper(BatchTransaction.provenance(mapped), rejection);
            }
        }
    }
}
