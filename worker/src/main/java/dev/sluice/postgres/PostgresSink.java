package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.postgres.db.BatchFailedException;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Transactions;
import dev.sluice.postgres.schema.WorkerPrivileges;
import dev.sluice.postgres.table.RowCopy;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores batches in PostgreSQL, each in one transaction: keys go into the ledger, rows of new records into the target table,
 * new rejects into the quarantine. A key in the ledger is not written again, so a message delivered twice, at any time and to
 * any worker, makes one row. A row that the database rejects goes to the quarantine; the other rows are stored. A batch that
 * fails for another reason, while the database answers, is split.
 *
 * <p>Thread-safe; a batch uses one connection.
 */
public final class PostgresSink implements Sink {

    private final PipelineSpec spec;
    private final Transactions transactions;
    private final MaintenanceThread maintenance;
    private final BatchStore batchStore;
    private final TransactionSize transactionSize = new TransactionSize();

    private PostgresSink(
            PipelineSpec spec,
            Transactions transactions,
            Ledger ledger,
            MaintenanceThread maintenance,
            RowCopy rowCopy) {
        this.spec = spec;
        this.transactions = transactions;
        this.maintenance = maintenance;
        this.batchStore = new BatchStore(spec, transactions, ledger, rowCopy);
    }

    /**
     * Checks schema and table and tries to create partitions. From then on maintains partitions and keys in the background,
     * until the sink is closed.
     *
     * @param retention for how long the queue keeps a message; keys are kept two days longer, or for as long as another
     *     pipeline of the database needs
     * @param database belongs to the caller, who closes it after the sink
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current or the table does not fit,
     *     NOT_PERMITTED when a grant is missing, TRANSIENT when the database is unavailable
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
                database.transact("check the database's tables", connection -> RowCopy.checked(connection, located));
        Ledger ledger = Ledger.of(spec, retention);
        MaintenanceThread maintenance = new MaintenanceThread(
                database, new PartitionMaintenance(database, ledger, located.sink(), calendar), pace);
        maintenance.begin();
        return new PostgresSink(located, new Transactions(database), ledger, maintenance, rowCopy);
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        return leavesRejectsOnQueue() ? DeadLetterPolicy.store(records, this::storeAll) : storeAll(records);
    }

    private boolean leavesRejectsOnQueue() {
        return spec.sink().reject() == PipelineSpec.Rejects.DLQ;
    }

    private List<Settlement> storeAll(List<MappedRecord> records) {
        List<Settlement> settlements = new ArrayList<>(records.size());
        for (List<MappedRecord> part : transactionSize.parts(records, leavesRejectsOnQueue())) {
            settlements.addAll(storePart(part));
        }
        return settlements;
    }

    private List<Settlement> storePart(List<MappedRecord> records) {
        try {
            List<Settlement> settlements = batchStore.store(records);
            transactionSize.stored();
            return settlements;
        } catch (BatchFailedException e) {
            probe();
            return storeAgain(records);
        }
    }

    // The database answers, so it is available; the first failure may have been chance, the second is not.
    private List<Settlement> storeAgain(List<MappedRecord> records) {
        try {
            return batchStore.store(records);
        } catch (BatchFailedException e) {
            BatchSplitter splitter = new BatchSplitter(batchStore, leavesRejectsOnQueue());
            List<Settlement> settlements = splitter.store(records, e);
            if (e.error().isTimeout()) {
                transactionSize.timedOut(splitter.largestStored());
            }
            return settlements;
        }
    }

    /**
     * Checks for what would make every batch fail: a standby, an altered table, a missing grant. Trying a batch on such a
     * database costs each message a delivery, a check costs nothing. A table that was altered and fits again is written with
     * its new types from then on.
     */
    @Override
    public void probe() {
        batchStore.use(transactions.transact("check the database", connection -> {
            WorkerPrivileges.requireWritable(connection);
            return RowCopy.checked(connection, spec);
        }));
    }

    /** Ends the maintenance. The connections belong to the {@link Database}. */
    @Override
    public void close() {
        maintenance.close();
    }
}
