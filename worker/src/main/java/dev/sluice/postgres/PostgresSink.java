package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseFailures;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores batches in PostgreSQL, each in one transaction: keys into the ledger, rows of new records into the target table,
 * new rejects into the quarantine. What the ledger knows is not written again, so a message delivered twice, at any time
 * and to any worker, makes one row. A row that the database refuses goes to the quarantine and costs its neighbours
 * nothing. A batch that fails for another reason, while the database answers, is divided.
 *
 * <p>Thread-safe; a batch takes one connection.
 */
public final class PostgresSink implements Sink {

    private final PipelineSpec spec;
    private final Transactions transactions;
    private final MaintenanceThread upkeep;
    private final BatchStore batchStore;
    private final TransactionSize portionSize = new TransactionSize();

    private PostgresSink(
            PipelineSpec spec, Transactions transactions, Ledger ledger, MaintenanceThread upkeep, RowCopy rowCopy) {
        this.spec = spec;
        this.transactions = transactions;
        this.upkeep = upkeep;
        this.batchStore = new BatchStore(spec, transactions, ledger, rowCopy);
    }

    /**
     * Checks schema and table, tries to make partitions, and is ready. Partitions and keys are looked after in the
     * background from then on, until the sink is closed.
     *
     * @param retention for how long the queue keeps a message; keys are kept two days longer, or as long as another
     *     pipeline of the database needs
     * @param database stays open when the sink is closed: it is the caller's, who closes it after the sink
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current or the table does not fit,
     *     NOT_PERMITTED when a grant is missing, TRANSIENT when the database is away
     */
    public static PostgresSink open(Database database, PipelineSpec spec, Duration retention) {
        return open(database, spec, retention, MaintenanceThread.USUAL, PartitionMaintenance::today);
    }

    static PostgresSink open(
            Database database,
            PipelineSpec spec,
            Duration retention,
            MaintenanceThread.Pace pace,
            Database.Work<LocalDate> calendar) {
        PipelineSpec located = database.located(spec);
        RowCopy rowCopy =
                database.transact("check the database's tables", connection -> Readiness.fitting(connection, located));
        Ledger ledger = Ledger.of(spec, retention);
        MaintenanceThread upkeep = new MaintenanceThread(
                database, new PartitionMaintenance(database, ledger, located.sink(), calendar), pace);
        upkeep.begin();
        return new PostgresSink(located, new Transactions(database), ledger, upkeep, rowCopy);
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        return leavesRejects() ? DeadLetterPolicy.store(records, this::storeAll) : storeAll(records);
    }

    private boolean leavesRejects() {
        return spec.sink().reject() == PipelineSpec.Rejects.DLQ;
    }

    private List<Settlement> storeAll(List<MappedRecord> records) {
        List<Settlement> settlements = new ArrayList<>(records.size());
        for (List<MappedRecord> portion : portionSize.portions(records, leavesRejects())) {
            settlements.addAll(storePortion(portion));
        }
        return settlements;
    }

    private List<Settlement> storePortion(List<MappedRecord> records) {
        try {
            List<Settlement> settlements = batchStore.store(records);
            portionSize.stored();
            return settlements;
        } catch (UnexplainedFailureException e) {
            probe();
            return storeAgain(records);
        }
    }

    // The database answers, so it is not away; the first failure may have been chance, the second is not.
    private List<Settlement> storeAgain(List<MappedRecord> records) {
        try {
            return batchStore.store(records);
        } catch (UnexplainedFailureException e) {
            BatchSplitter division = new BatchSplitter(batchStore, leavesRejects());
            List<Settlement> settlements = division.store(records, e);
            if (DatabaseFailures.isTimeout(e.refusal())) {
                portionSize.timedOut(division.largestStored());
            }
            return settlements;
        }
    }

    /**
     * Asks what would keep every batch out: a standby, a table that was altered, a grant that was withdrawn. A batch that
     * is tried on such a database costs its messages one delivery each, a question costs nothing. A table that was
     * altered and fits again is written by its new types from then on.
     */
    @Override
    public void probe() {
        batchStore.writeBy(transactions.transact("ask the database", connection -> {
            Readiness.requireWritable(connection);
            return Readiness.fitting(connection, spec);
        }));
    }

    /** Ends the upkeep. The connections belong to the {@link Database}. */
    @Override
    public void close() {
        upkeep.close();
    }
}
