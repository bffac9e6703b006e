package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.postgres.BatchTransaction.Claim;
import dev.sluice.postgres.BatchTransaction.RejectWriter;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Stores batches in PostgreSQL, each in one transaction: keys into the ledger, rows of new records into the target table,
 * new rejects into the quarantine. What the ledger knows is not written again, so a message delivered twice, at any time
 * and to any worker, makes one row. A row that the database refuses goes to the quarantine and costs its neighbours
 * nothing.
 *
 * <p>Thread-safe; a batch takes one connection. The ledger is claimed by COPY while nothing in a batch was delivered
 * before, and by the slower {@code ON CONFLICT} when something was, or when COPY met a key that exists.
 */
public final class PostgresSink implements Sink {

    private static final String ACTION = "store a batch";

    private final PipelineSpec spec;
    private final Transactions transactions;
    private final Ledger ledger;
    private final Upkeep upkeep;
    private final RejectWriter rejectWriter;
    private final RefusalStreak streak = new RefusalStreak();
    private volatile RowCopy rowCopy;

    private PostgresSink(Database database, PipelineSpec spec, Ledger ledger, Upkeep upkeep, RowCopy rowCopy) {
        this.spec = spec;
        this.ledger = ledger;
        this.upkeep = upkeep;
        this.transactions = new Transactions(database);
        this.rejectWriter = leavesRejects() ? RejectWriter::leave : new QuarantineTable(spec)::insertAll;
        this.rowCopy = rowCopy;
    }

    /**
     * Checks schema and table, makes partitions and drops those of the ledger that are too old, and is ready.
     *
     * @param retention for how long the queue keeps a message; keys are kept two days longer, or as long as another
     *     pipeline of the database needs
     * @param database stays open when the sink is closed: it is the caller's
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current or the table does not fit,
     *     NOT_PERMITTED when a grant is missing, TRANSIENT when the database is away
     */
    public static PostgresSink open(Database database, PipelineSpec spec, Duration retention) {
        return open(database, spec, retention, InstantSource.system());
    }

    static PostgresSink open(Database database, PipelineSpec spec, Duration retention, InstantSource clock) {
        RowCopy rowCopy =
                database.transact("check the database's tables", connection -> Readiness.fitting(connection, spec));
        Ledger ledger = Ledger.of(spec, retention);
        Upkeep upkeep = new Upkeep(ledger, spec.sink(), clock);
        upkeep.begin(database);
        return new PostgresSink(database, spec, ledger, upkeep, rowCopy);
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        upkeep.keep(transactions);
        return leavesRejects() ? Leaving.store(records, this::storeAll) : storeAll(records);
    }

    private boolean leavesRejects() {
        return spec.sink().reject() == PipelineSpec.Rejects.DLQ;
    }

    private List<Settlement> storeAll(List<MappedRecord> records) {
        try {
            return storeWhole(records, RowWriter.whole(rowCopy));
        } catch (Refused e) {
            return storeIsolating(records);
        }
    }

    private List<Settlement> storeWhole(List<MappedRecord> records, RowWriter rowWriter) throws Refused {
        List<Settlement> settlements = storeByTheFasterClaim(records, rowWriter);
        if (settlements.contains(Settlement.STORED)) {
            streak.stored();
        }
        return settlements;
    }

    private List<Settlement> storeByTheFasterClaim(List<MappedRecord> records, RowWriter rowWriter) throws Refused {
        if (records.stream().anyMatch(mapped -> mapped.message().receiveCount() > 1)) {
            return store(records, ledger::claimFree, rowWriter);
        }
        try {
            return store(records, ledger::claimAll, rowWriter);
        } catch (Ledger.Conflict e) {
            return store(records, ledger::claimFree, rowWriter);
        }
    }

    private List<Settlement> storeIsolating(List<MappedRecord> records) {
        Blame blame = Blame.by(streak);
        try {
            List<Settlement> settlements = store(
                    records,
                    ledger::claimFree,
                    (connection, rows) -> RowIsolation.write(connection, spec, rows, blame));
            blame.committed();
            return settlements;
        } catch (Refused e) {
            throw e.fault(); // of no row: the ledger or the quarantine was refused
        }
    }

    private List<Settlement> store(List<MappedRecord> records, Claim claim, RowWriter rowWriter) throws Refused {
        return transactions.transactOrRefuse(ACTION, new BatchTransaction(records, claim, rowWriter, rejectWriter));
    }

    /**
     * Asks what would keep every batch out: a standby, a table that was altered, a grant that was withdrawn. A batch that
     * is tried on such a database costs its messages one delivery each, a question costs nothing. A table that was
     * altered and fits again is written by its new types from then on.
     */
    @Override
    public void probe() {
        rowCopy = transactions.transact("ask the database", connection -> {
            Readiness.demandWritable(connection);
            return Readiness.fitting(connection, spec);
        });
    }

    /** Nothing to close: the connections belong to the {@link Database}. */
    @Override
    public void close() {}
}
