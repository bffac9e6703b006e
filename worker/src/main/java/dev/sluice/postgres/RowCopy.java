package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Writes rows to the target table by binary COPY: no text to quote, no cast that could cut. Thread-safe. */
final class RowCopy {

    private final String sql;
    private final ColumnEncoder[] encoders;

    /** @param encoders one per column of the pipeline, by the table's real types */
    RowCopy(PipelineSpec spec, List<ColumnEncoder> encoders) {
        this.sql = "COPY " + Identifiers.quoted(spec.sink()) + " (" + Identifiers.quotedNames(spec.columns())
                + ") FROM STDIN (FORMAT binary)";
        this.encoders = encoders.toArray(ColumnEncoder[]::new);
    }

    /**
     * Writes rows.
     *
     * @throws InfrastructureException FATAL when the server took fewer than given
     */
    void copyAll(Connection connection, List<Row> rows) throws SQLException {
        long taken = copy(connection, rows);
        if (taken != rows.size()) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not store a batch: the target table took " + taken + " of " + rows.size()
                            + " records without an error (a trigger that drops rows?); nothing was stored");
        }
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

    // A field too short for its type's receive function is a "protocol violation" to the server, like a broken
    // connection; but then the session lives on, in a failed transaction.
    private static boolean isTypeMismatch(Connection connection, SQLException failure) throws SQLException {
        return DatabaseFailures.state(failure).equals("08P01")
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED;
    }

    private static SQLException typesChanged() {
        return new SQLException("the table's types changed since start", "22P03");
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
