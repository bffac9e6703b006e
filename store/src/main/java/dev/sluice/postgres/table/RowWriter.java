package dev.sluice.postgres.table;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** One of the ways to write rows into the target table, within a transaction. */
@FunctionalInterface
public interface RowWriter {

    /**
     * Writes rows.
     *
     * @return by position in {@code rows}, why the database rejected a row; all others are written
     */
    Map<Integer, SqlError> write(Connection connection, List<Row> rows) throws SQLException;

    /** All or none: a rejection is an exception. */
    static RowWriter whole(RowCopy rowCopy) {
        return (connection, rows) -> {
            if (!rows.isEmpty()) {
                rowCopy.copyAll(connection, rows);
                rowCopy.requireSameTypes(connection);
            }
            return Collections.emptyMap();
        };
    }

    /**
     * Finds the rows that the database rejects, and writes the others.
     *
     * @param blame whether rows or the table are at fault
     */
    static RowWriter isolating(PipelineSpec spec, Blame blame) {
        return (connection, rows) -> RowIsolation.write(connection, spec, rows, blame);
    }
}
