package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Stores batches in PostgreSQL, each in one transaction: keys into the ledger, rows of new records into the target table,
 * new rejects into the quarantine. What the ledger knows is not written again, so a message delivered twice, at any time
 * and to any worker, makes one row.
 *
 * <p>Thread-safe; a batch takes one connection. The ledger is claimed by COPY while nothing in a batch was delivered
 * before, and by the slower {@code ON CONFLICT} when something was, or when COPY met a key that exists.
 */
public final class PostgresSink implements Sink {

    private static final String ACTION = "store a batch";

    private final Database database;
    private final Ledger ledger;
    private final RowCopy rowCopy;
    private final QuarantineTable quarantine;

    private PostgresSink(Database database, Ledger ledger, RowCopy rowCopy, QuarantineTable quarantine) {
        this.database = database;
        this.ledger = ledger;
        this.rowCopy = rowCopy;
        this.quarantine = quarantine;
    }

    /**
     * Checks schema and table, makes the ledger's partitions, and is ready.
     *
     * @param database stays open when the sink is closed: it is the caller's
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current or the table does not fit,
     *     NOT_PERMITTED when a grant is missing, TRANSIENT when the database is away
     */
    public static PostgresSink open(Database database, PipelineSpec spec) {
        return open(database, spec, Clock.systemUTC());
    }

    static PostgresSink open(Database database, PipelineSpec spec, Clock clock) {
        RowCopy rowCopy = database.transact("check the database's tables", connection -> {
            demandCurrentSchema(connection);
            TargetTable table = new TargetTable(spec);
            table.demandFit(connection);
            return new RowCopy(spec, table.encoders(connection));
        });
        Ledger ledger = new Ledger(database, clock);
        ledger.ensurePartitions();
        return new PostgresSink(database, ledger, rowCopy, new QuarantineTable(spec));
    }

    private static void demandCurrentSchema(Connection connection) throws SQLException {
        Migrations.State state = Migrations.state(connection);
        if (state != Migrations.State.CURRENT) {
            throw new InfrastructureException(Kind.CONFIG, state.explanation());
        }
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        ledger.ensurePartitions();
        if (records.stream().anyMatch(mapped -> mapped.message().receiveCount() > 1)) {
            return store(records, ledger::claimFree);
        }
        try {
            return store(records, ledger::claimAll);
        } catch (Ledger.Conflict e) {
            return store(records, ledger::claimFree);
        }
    }

    private List<Settlement> store(List<MappedRecord> records, Claim claim) {
        return database.transact(ACTION, connection -> {
            BitSet fresh = claim.keysOf(connection, records);
            List<Row> rows = rowsOf(records, fresh);
            List<MappedRecord> rejects = rejectsOf(records, fresh);
            demandAll(rows.size(), rowCopy.copy(connection, rows), "the target table");
            demandAll(rejects.size(), quarantine.insert(connection, rejects), "the quarantine");
            return settlements(records, fresh);
        });
    }

    private static List<Row> rowsOf(List<MappedRecord> records, BitSet fresh) {
        List<Row> rows = new ArrayList<>(records.size());
        fresh.stream().forEach(position -> {
            if (records.get(position).outcome() instanceof Row row) {
                rows.add(row);
            }
        });
        return rows;
    }

    private static List<MappedRecord> rejectsOf(List<MappedRecord> records, BitSet fresh) {
        List<MappedRecord> rejects = new ArrayList<>();
        fresh.stream().forEach(position -> {
            if (records.get(position).outcome() instanceof Rejection) {
                rejects.add(records.get(position));
            }
        });
        return rejects;
    }

    private static void demandAll(int given, long taken, String where) {
        if (taken != given) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not " + ACTION + ": " + where + " took " + taken + " of " + given
                            + " records without an error (a trigger that drops rows?); nothing was stored");
        }
    }

    private static List<Settlement> settlements(List<MappedRecord> records, BitSet fresh) {
        List<Settlement> settlements = new ArrayList<>(records.size());
        for (int position = 0; position < records.size(); position++) {
            settlements.add(fresh.get(position) ? settlement(records.get(position)) : Settlement.DUPLICATE);
        }
        return settlements;
    }

    private static Settlement settlement(MappedRecord written) {
        return switch (written.outcome()) {
            case Row row -> Settlement.STORED;
            case Rejection rejection -> Settlement.QUARANTINED;
        };
    }

    @Override
    public void probe() {
        boolean readOnly = database.transact("ask the database", PostgresSink::isReadOnly);
        if (readOnly) {
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "the database is read-only (a standby, or a failover under way); waiting for it to take writes");
        }
    }

    private static boolean isReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")) {
            answer.next();
            return answer.getBoolean(1);
        }
    }

    /** Nothing to close: the connections belong to the {@link Database}. */
    @Override
    public void close() {}

    /** One of the two ways to claim keys: says which records are new. */
    @FunctionalInterface
    private interface Claim {
        BitSet keysOf(Connection connection, List<MappedRecord> records) throws SQLException;
    }
}
