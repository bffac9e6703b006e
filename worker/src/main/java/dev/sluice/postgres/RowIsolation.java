package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.RowsDroppedException;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows that the database takes and finds those that it refuses, within the transaction of their batch: a
 * savepoint before each attempt, one at a time, lets the ledger's keys and the rows that were taken stand. One batch, one thread.
 */
final class RowIsolation {

    /** How many other rows are tried before a table is said to take none. */
    private static final int SAMPLES = 10;

    private final Connection connection;
    private final PipelineSpec.Sink sink;
    private final RowCopy rowCopy;
    private final List<MappedRecord> records;
    private final List<Row> rows;
    private final Blame blame;
    private boolean marked;

    private RowIsolation(
            Connection connection, PipelineSpec spec, RowCopy rowCopy, List<MappedRecord> records, Blame blame) {
        this.connection = connection;
        this.sink = spec.sink();
        this.rowCopy = rowCopy;
        this.records = records;
        this.rows = RowWriter.rows(records);
        this.blame = blame;
    }

    /**
     * Holds the table still first and looks whether it fits: bytes of an integer are no text, so a column whose type was
     * changed refuses all rows, and none of them is at fault. Under the lock the types cannot change either.
     *
     * @param records of a batch that was refused, each a row
     * @return by place in {@code records}, why a row was refused; all others are written
     * @throws InfrastructureException TRANSIENT when the table takes no row at all, CONFIG when it does not fit
     */
    static SortedMap<Integer, SqlError> write(
            Connection connection, PipelineSpec spec, List<MappedRecord> records, Blame blame) throws SQLException {
        execute(connection, "LOCK TABLE " + Identifiers.quoted(spec.sink()) + " IN ROW EXCLUSIVE MODE");
        SearchPath.fix(connection);
        RowCopy rowCopy = RowCopy.fitting(connection, spec);
        SearchPath.restore(connection);
        // A deferred constraint would speak at COMMIT, of no row in particular.
        execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
        blame.begin();
        RowIsolation isolation = new RowIsolation(connection, spec, rowCopy, records, blame);
        return records.isEmpty()
                ? Collections.emptySortedMap()
                : Bisection.culprits(records.size(), isolation::attempt);
    }

    private @Nullable SqlError attempt(int from, int to) throws SQLException {
        if (!marked) {
            execute("SAVEPOINT rows");
            marked = true;
        }
        long begin = System.nanoTime();
        SqlError refusal = copy(rows.subList(from, to));
        if (refusal != null) {
            execute("ROLLBACK TO SAVEPOINT rows");
            if (to - from == 1 && refusal.mayBeTheTable()) {
                failedAlone(records.get(from), refusal, System.nanoTime() - begin);
            }
            return refusal;
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
            SqlError refusal = DatabaseFailures.refusal(e);
            if (refusal == null) {
                throw e;
            }
            if (e instanceof RowsDroppedException dropped && dropped.tookAny()) {
                blame.stored();
            }
            return refusal;
        }
    }

    private void failedAlone(MappedRecord culprit, SqlError refusal, long nanos) throws SQLException {
        blame.failedAlone(culprit.message().id(), nanos);
        if (blame.isTheTable() && !isAnyTaken()) {
            records.forEach(mapped -> blame.note(mapped.message().id()));
            SearchPath.fix(connection);
            throw TableOutage.of(connection, sink, refusal);
        }
        blame.note(culprit.message().id());
    }

    /** Whether the table takes any of some rows of the batch, drawn at random: those at fault may stand together. */
    private boolean isAnyTaken() throws SQLException {
        List<Integer> places =
                new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
        Collections.shuffle(places);
        for (int place : places.subList(0, Math.min(SAMPLES, places.size()))) {
            copy(rows.subList(place, place + 1));
            execute("ROLLBACK TO SAVEPOINT rows");
        }
        return blame.hasStored();
    }

    private void execute(String sql) throws SQLException {
        execute(connection, sql);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
