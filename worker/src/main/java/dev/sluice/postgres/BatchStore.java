package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.BatchTransaction.Claim;
import dev.sluice.postgres.BatchTransaction.RejectWriter;
import dev.sluice.postgres.db.BatchFailedException;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.db.Transactions;
import dev.sluice.postgres.table.Blame;
import dev.sluice.postgres.table.QuarantineWriter;
import dev.sluice.postgres.table.RejectionStreak;
import dev.sluice.postgres.table.RowCopy;
import dev.sluice.postgres.table.RowIsolation;
import dev.sluice.postgres.table.RowWriter;
import java.util.List;
import java.util.Map;

/**
 * Stores records in one transaction; isolates and quarantines those that the database rejects. Claims the ledger's keys by
 * COPY while no record was delivered before, and by the slower {@code ON CONFLICT} when one was, or when COPY met an existing
 * key. Thread-safe.
 */
final class BatchStore {

    private static final String ACTION = "store a batch";

    private final PipelineSpec spec;
    private final Transactions transactions;
    private final Ledger ledger;
    private final RejectWriter rejectWriter;
    private final RejectionStreak streak = new RejectionStreak();
    private volatile RowCopy rowCopy;

    /** @param rowCopy for the table as it is now */
    BatchStore(PipelineSpec spec, Transactions transactions, Ledger ledger, RowCopy rowCopy) {
        this.spec = spec;
        this.transactions = transactions;
        this.ledger = ledger;
        this.rejectWriter = spec.sink().reject() == PipelineSpec.Rejects.DLQ
                ? DeadLetterPolicy::leaveOnQueue
                : new QuarantineWriter(spec)::insertAll;
        this.rowCopy = rowCopy;
    }

    /** Writes rows for the table's present types from now on. */
    void use(RowCopy present) {
        rowCopy = present;
    }

    /** What all batches so far say about whether rows or the table are at fault. */
    RejectionStreak streak() {
        return streak;
    }

    /**
     * Stores all of them or none.
     *
     * @throws BatchFailedException when it failed for an unexplained reason that one of the records may be
     * @throws InfrastructureException TRANSIENT when the database is unavailable or the table takes no rows
     */
    List<Settlement> store(List<MappedRecord> records) throws BatchFailedException {
        try {
            List<Settlement> settlements = storeWhole(records);
            if (settlements.contains(Settlement.STORED)) {
                streak.stored();
            }
            return settlements;
        } catch (BatchFailedException e) {
            if (e.isRejection()) {
                return storeIsolating(records);
            }
            throw e;
        }
    }

    private List<Settlement> storeWhole(List<MappedRecord> records) throws BatchFailedException {
        RowWriter whole = RowWriter.whole(rowCopy);
        if (records.stream().anyMatch(mapped -> mapped.message().receiveCount() > 1)) {
            return store(records, ledger::claimFree, whole);
        }
        try {
            return store(records, ledger::claimAll, whole);
        } catch (Ledger.Conflict e) {
            return store(records, ledger::claimFree, whole);
        }
    }

    private List<Settlement> storeIsolating(List<MappedRecord> records) throws BatchFailedException {
        Blame blame = new Blame(streak);
        List<Settlement> settlements = storeUnrejected(records, RowWriter.isolating(spec, blame));
        blame.committed();
        return settlements;
    }

    /**
     * Quarantines a record that fails alone, without trying to store it.
     *
     * @throws BatchFailedException when the ledger or the quarantine fails
     */
    Settlement quarantine(MappedRecord record, SqlError error) throws BatchFailedException {
        RowWriter rejecting = (connection, rows) -> rows.isEmpty() ? Map.of() : Map.of(0, error);
        return storeUnrejected(List.of(record), rejecting).getFirst();
    }

    // A rejection here is not of a row: the ledger or the quarantine rejects its data.
    private List<Settlement> storeUnrejected(List<MappedRecord> records, RowWriter rowWriter)
            throws BatchFailedException {
        try {
            return store(records, ledger::claimFree, rowWriter);
        } catch (BatchFailedException e) {
            if (e.isRejection()) {
                throw e.failure();
            }
            throw e;
        }
    }

    /** The failure to report when the table takes no row. */
    InfrastructureException outage(SqlError error) {
        return transactions.transact(
                "read the table's triggers", connection -> RowIsolation.outage(connection, spec.sink(), error));
    }

    private List<Settlement> store(List<MappedRecord> records, Claim claim, RowWriter rowWriter)
            throws BatchFailedException {
        return transactions.store(ACTION, new BatchTransaction(records, claim, rowWriter, rejectWriter));
    }
}
