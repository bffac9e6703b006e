package dev.sluice.postgres.table;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.RowsTakenByTrigger;
import dev.sluice.mapping.Row;
import dev.sluice.postgres.db.CopyBuffer;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.RowsDroppedException;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.TableColumn;
import dev.sluice.postgres.schema.TableTypes;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Writes rows to the target table by binary COPY: no text to quote, no cast that could truncate. Made for the types that the
 * table has at one moment. Thread-safe.
 */
public final class RowCopy {

    private final String sql;
    private final ColumnEncoder[] encoders;
    private final TableTypes types;
    private final boolean acceptsFewer;

    /**
     * @param encoders one per column of the pipeline, by the table's real types
     * @param types those types
     */
    RowCopy(PipelineSpec spec, List<ColumnEncoder> encoders, TableTypes types) {
        this.sql = "COPY " + Identifiers.quoted(spec.sink()) + " (" + Identifiers.quotedNames(spec.columns())
                + ") FROM STDIN (FORMAT binary)";
        this.encoders = encoders.toArray(ColumnEncoder[]::new);
        this.types = types;
        this.acceptsFewer = spec.sink().rowsTakenByTrigger() == RowsTakenByTrigger.ACCEPT;
    }

    /**
     * For the table as it is now, after checking schema {@code sluice} too.
     *
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current, else as {@link #fitting}
     */
    public static RowCopy checked(Connection connection, PipelineSpec spec) throws SQLException {
        Migrations.requireCurrent(connection);
        return fitting(connection, spec);
    }

    /**
     * For the table as it is now.
     *
     * @throws InfrastructureException CONFIG or NOT_PERMITTED when the table does not fit
     */
    static RowCopy fitting(Connection connection, PipelineSpec spec) throws SQLException {
        new TargetTable(spec).requireFit(connection);
        Map<String, TableColumn> present = TableColumn.of(connection, Identifiers.quoted(spec.sink()));
        List<ColumnEncoder> encoders = spec.columns().stream()
                .map(column -> ColumnEncoder.of(
                        column.type(),
                        present.containsKey(column.name())
                                && present.get(column.name()).isBigint()))
                .toList();
        return new RowCopy(spec, encoders, new TableTypes(spec, present));
    }

    /**
     * Writes rows. Call {@link #requireSameTypes} before the commit.
     *
     * @throws RowsDroppedException when the table stored fewer than it was given, unless the pipeline accepts that
     */
    void copyAll(Connection connection, List<Row> rows) throws SQLException {
        long taken = copy(connection, rows);
        if (taken != rows.size() && !(acceptsFewer && taken < rows.size())) {
            throw new RowsDroppedException(taken, rows.size());
        }
    }

    /**
     * Checks that the rows were written with the types that the encoders expect.
     *
     * @throws InfrastructureException TRANSIENT when a column's type has changed since
     */
    void requireSameTypes(Connection connection) throws SQLException {
        types.requireUnchanged(connection);
    }

    private long copy(Connection connection, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        CopyBuffer copy = new CopyBuffer();
        for (Row row : rows) {
            encode(row, copy);
        }
        try {
            return copy.copyTo(connection, sql);
        } catch (SQLException e) {
            throw isTypeMismatch(connection, e) ? typesChanged() : e;
        }
    }

    // The server reports a field too short for its type's receive function as a "protocol violation", like a broken
    // connection; but the session continues, in a failed transaction.
    private static boolean isTypeMismatch(Connection connection, SQLException failure) throws SQLException {
        return DatabaseFailures.state(failure).equals("08P01")
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
    }

    private static SQLException typesChanged() {
        return new SQLException("the table's types have changed", "22P03");
    }

    private void encode(Row row, CopyBuffer copy) {
        copy.row(encoders.length);
        for (int i = 0; i < encoders.length; i++) {
            Object value = row.value(i);
            if (value == null) {
                copy.nullField();
            } else {
                encoders[i].encode(copy, value);
            }
        }
    }
}
