package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.BatchTransaction.Claim;
import dev.sluice.postgres.BatchTransaction.RejectWriter;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import dev.sluice.postgres.db.SqlError;
import java.util.List;
import java.util.Map;

/**
 * Stores records in one transaction; what the database refuses among them is isolated and quarantined. The ledger is
 * claimed by COPY while none of the records was delivered before, and by the slower {@code ON CONFLICT} when one was, or
 * when COPY met a key that exists. Thread-safe.
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
                ? RejectWriter::leave
                : new QuarantineTable(spec)::insertAll;
        this.rowCopy = rowCopy;
    }

    /** From now on rows are written so: the table was altered, and fits. */
    void writeBy(RowCopy fitting) {
        rowCopy = fitting;
    }

    /** What became of all batches so far, as far as it tells rows at fault from a table at fault. */
    RejectionStreak streak() {
        return streak;
    }

    /**
     * Stores all of them or none.
     *
     * @throws UnexplainedFailureException when it failed for a reason that one of the records may be
     * @throws InfrastructureException TRANSIENT when the database is away or the table takes no rows
     */
    List<Settlement> store(List<MappedRecord> records) throws UnexplainedFailureException {
        try {
            List<Settlement> settlements = storeWhole(records, RowWriter.whole(rowCopy));
            if (settlements.contains(Settlement.STORED)) {
                streak.stored();
            }
            return settlements;
        } catch (RowRejectedException e) {
            return storeIsolating(records);
        }
    }

    private List<Settlement> storeWhole(List<MappedRecord> records, RowWriter rowWriter)
            throws RowRejectedException, UnexplainedFailureException {
        if (records.stream().anyMatch(mapped -> mapped.message().receiveCount() > 1)) {
            return store(records, ledger::claimFree, rowWriter);
        }
        try {
            return store(records, ledger::claimAll, rowWriter);
        } catch (Ledger.Conflict e) {
            return store(records, ledger::claimFree, rowWriter);
        }
    }

    private List<Settlement> storeIsolating(List<MappedRecord> records) throws UnexplainedFailureException {
        Blame blame = Blame.by(streak);
        RowWriter isolating = (connection, rows) -> RowIsolation.write(connection, spec, rows, blame);
        try {
            List<Settlement> settlements = store(records, ledger::claimFree, isolating);
            blame.committed();
            return settlements;
        } catch (RowRejectedException e) {
            throw e.fault(); // of no row: the ledger or the quarantine was refused
        }
    }

    /**
     * Quarantines a record that fails alone, without trying to store it.
     *
     * @throws UnexplainedFailureException when the ledger or the quarantine is what fails
     */
    Settlement quarantine(MappedRecord culprit, SqlError refusal) throws UnexplainedFailureException {
        RowWriter refusing = (connection, rows) -> rows.isEmpty() ? Map.of() : Map.of(0, refusal);
        try {
            return store(List.of(culprit), ledger::claimFree, refusing).getFirst();
        } catch (RowRejectedException e) {
            throw e.fault();
        }
    }

    /** Words for a table that takes no row. */
    InfrastructureException outage(SqlError refusal) {
        return transactions.transact(
                "look at the table's triggers", connection -> TableOutage.of(connection, spec.sink(), refusal));
    }

    private List<Settlement> store(List<MappedRecord> records, Claim claim, RowWriter rowWriter)
            throws RowRejectedException, UnexplainedFailureException {
        return transactions.transactExplained(ACTION, new BatchTransaction(records, claim, rowWriter, rejectWriter));
    }
}
