package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.postgres.BatchTransaction.Claim;
import dev.sluice.postgres.BatchTransaction.RejectWriter;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        return open(database, spec, retention, Upkeep.USUAL, Maintenance::today);
    }

    static PostgresSink open(
            Database database,
            PipelineSpec spec,
            Duration retention,
            Upkeep.Pace pace,
            Database.Work<LocalDate> calendar) {
        RowCopy rowCopy = database.transact("check the database's tables", connection -> fitting(connection, spec));
        Ledger ledger = Ledger.of(spec, retention);
        Upkeep upkeep = new Upkeep(database, new Maintenance(database, ledger, spec.sink(), calendar), pace);
        upkeep.begin();
        return new PostgresSink(database, spec, ledger, upkeep, rowCopy);
    }

    /** What writes to the table as it is now, after proof that it fits and the schema is current. */
    static RowCopy fitting(Connection connection, PipelineSpec spec) throws SQLException {
        Migrations.State state = Migrations.state(connection);
        if (state != Migrations.State.CURRENT) {
            throw new InfrastructureException(Kind.CONFIG, state.explanation());
        }
        return fittingTable(connection, spec);
    }

    private static RowCopy fittingTable(Connection connection, PipelineSpec spec) throws SQLException {
        TargetTable table = new TargetTable(spec);
        table.demandFit(connection);
        return new RowCopy(spec, table.encoders(connection));
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
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
        try {
            return store(records, ledger::claimFree, this::isolate);
        } catch (Refused e) {
            throw e.fault(); // of no row: the ledger or the quarantine was refused
        }
    }

    // Bytes of an integer are no text: a column whose type was changed refuses all rows, and none of them is at fault.
    // So the table is held still and looked at before a row is blamed.
    private Map<Integer, Refusal> isolate(Connection connection, List<Row> rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + Identifiers.quoted(spec.sink()) + " IN ROW EXCLUSIVE MODE");
        }
        return RowIsolation.write(connection, fittingTable(connection, spec), rows);
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
            demandWritable(connection);
            return fitting(connection, spec);
        });
    }

    private static void demandWritable(Connection connection) throws SQLException {
        if (ask(connection, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
                .equals("t")) {
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "the database is read-only (a standby, or a failover under way); waiting for it to take writes");
        }
        String missing = ask(connection, DatabaseChecks.MISSING_TO_STORE);
        if (!missing.isEmpty()) {
            throw new InfrastructureException(
                    Kind.TRANSIENT, "the role lacks " + missing + "; GRANT it, the worker waits");
        }
    }

    private static String ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            @Nullable String text = answer.getString(1);
            return text == null ? "" : text;
        }
    }

    /** Ends the upkeep. The connections belong to the {@link Database}. */
    @Override
    public void close() {
        upkeep.close();
    }
}
