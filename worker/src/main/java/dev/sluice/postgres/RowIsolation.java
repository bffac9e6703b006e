package dev.sluice.postgres;

import dev.sluice.mapping.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows that the database takes and finds those that it refuses, within the transaction of their batch: a
 * savepoint before each attempt, one at a time, lets the ledger's keys and the rows that were taken stand. One batch, one thread.
 */
final class RowIsolation {

    private final Connection connection;
    private final RowCopy rowCopy;
    private final List<Row> rows;
    private boolean marked;

    private RowIsolation(Connection connection, RowCopy rowCopy, List<Row> rows) {
        this.connection = connection;
        this.rowCopy = rowCopy;
        this.rows = rows;
    }

    /**
     * @param rows of a batch that was refused
     * @return by place in {@code rows}, why a row was refused; all others are written
     */
    static SortedMap<Integer, Refusal> write(Connection connection, RowCopy rowCopy, List<Row> rows)
            throws SQLException {
        RowIsolation isolation = new RowIsolation(connection, rowCopy, rows);
        // A deferred constraint would speak at COMMIT, of no row in particular.
        isolation.execute("SET CONSTRAINTS ALL IMMEDIATE");
        return rows.isEmpty() ? Collections.emptySortedMap() : Bisection.culprits(rows.size(), isolation::attempt);
    }

    private @Nullable Refusal attempt(int from, int to) throws SQLException {
        if (!marked) {
            execute("SAVEPOINT rows");
            marked = true;
        }
        try {
            rowCopy.copyAll(connection, rows.subList(from, to));
        } catch (SQLException e) {
            Refusal refusal = DatabaseFailures.refusal(e);
            if (refusal == null) {
                throw e;
            }
            execute("ROLLBACK TO SAVEPOINT rows");
            return refusal;
        }
        execute("RELEASE SAVEPOINT rows");
        marked = false;
        return null;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
