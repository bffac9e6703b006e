package dev.sluice.postgres.table;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.RowsDroppedException;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.schema.RowTriggers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows that the database takes and finds those that it rejects, within the transaction of their batch: a savepoint
 * before each attempt preserves the ledger's keys and the rows written so far. One batch, one thread.
 */
public final class RowIsolation {

    /** How many other rows are tried before the table is reported to take none. */
    private static final int SAMPLES = 10;

    private final Connection connection;
    private final PipelineSpec.Sink sink;
    private final RowCopy rowCopy;
    private final List<Row> rows;
    private final Blame blame;
    private boolean marked;

    private RowIsolation(Connection connection, PipelineSpec spec, RowCopy rowCopy, List<Row> rows, Blame blame) {
        this.connection = connection;
        this.sink = spec.sink();
        this.rowCopy = rowCopy;
        this.rows = rows;
        this.blame = blame;
    }

    /**
     * Locks the table first and checks whether it fits: a column whose type was changed rejects all rows, and none of them is
     * at fault. Under the lock the types cannot change.
     *
     * @param rows of a batch that was rejected
     * @return by position in {@code rows}, why a row was rejected; all others are written
     * @throws InfrastructureException TRANSIENT when the table takes no row at all, CONFIG when it does not fit
     */
    static SortedMap<Integer, SqlError> write(Connection connection, PipelineSpec spec, List<Row> rows, Blame blame)
            throws SQLException {
        Query.execute(connection, "LOCK TABLE " + Identifiers.quoted(spec.sink()) + " IN ROW EXCLUSIVE MODE");
        SearchPath.fix(connection);
        RowCopy rowCopy = RowCopy.fitting(connection, spec);
        SearchPath.restore(connection);
        // A deferred constraint would fail at COMMIT, without naming a row.
        Query.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
        blame.begin();
        RowIsolation isolation = new RowIsolation(connection, spec, rowCopy, rows, blame);
        return rows.isEmpty() ? Collections.emptySortedMap() : Bisection.culprits(rows.size(), isolation::attempt);
    }

    private @Nullable SqlError attempt(int from, int to) throws SQLException {
        if (!marked) {
            execute("SAVEPOINT rows");
            marked = true;
        }
        long begin = System.nanoTime();
        SqlError error = copy(rows.subList(from, to));
        if (error != null) {
            execute("ROLLBACK TO SAVEPOINT rows");
            if (to - from == 1 && error.mayBeTheTable()) {
                failedAlone(messageId(rows.get(from)), error, System.nanoTime() - begin);
            }
            return error;
        }
        execute("RELEASE SAVEPOINT rows");
        marked = false;
        return null;
    }

    private @Nullable SqlError copy(List<Row> part) throws SQLException {
        try {
            rowCopy.copyAll(connection, part);
            blame.stored();
            return null;
        } catch (SQLException e) {
            SqlError error = DatabaseFailures.rejection(e);
            if (error == null) {
                throw e;
            }
            if (e instanceof RowsDroppedException dropped && dropped.tookAny()) {
                blame.stored();
            }
            return error;
        }
    }

    private void failedAlone(String messageId, SqlError error, long nanos) throws SQLException {
        blame.failedAlone(messageId, nanos);
        if (blame.isTheTable() && !isAnyTaken()) {
            rows.forEach(row -> blame.note(messageId(row)));
            SearchPath.fix(connection);
            throw outage(connection, sink, error);
        }
        blame.note(messageId);
    }

    private static String messageId(Row row) {
        return row.original().binding().messageId();
    }

    /** Whether the table takes any of some rows of the batch, drawn at random, since those at fault may be adjacent. */
    private boolean isAnyTaken() throws SQLException {
        List<Row> samples = new ArrayList<>(rows);
        Collections.shuffle(samples);
        for (Row sample : samples.subList(0, Math.min(SAMPLES, samples.size()))) {
            copy(List.of(sample));
            execute("ROLLBACK TO SAVEPOINT rows");
        }
        return blame.hasStored();
    }

    private void execute(String sql) throws SQLException {
        Query.execute(connection, sql);
    }

    /**
     * The failure to report when the table takes no row: what happens to the rows, and which triggers may be the cause. It
     * opens the circuit breaker.
     *
     * @param connection on the fixed search path, in a transaction that has not failed
     */
    public static InfrastructureException outage(Connection connection, PipelineSpec.Sink sink, SqlError error)
            throws SQLException {
        List<String> triggers = error.cause() == SqlError.Cause.DROPPED
                ? RowTriggers.beforeEachRow(connection, sink)
                : RowTriggers.onInsert(connection, sink);
        return new InfrastructureException(
                Kind.TRANSIENT,
                "table " + sink.qualifiedName() + " takes no rows: every row that was tried " + error.verb()
                        + (triggers.isEmpty() ? "" : "; its triggers are " + String.join(", ", triggers))
                        + "; nothing is quarantined, the worker waits until the table takes rows");
    }
}
