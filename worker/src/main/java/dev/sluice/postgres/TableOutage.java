package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.schema.RowTriggers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Words for a table that takes no row: what happens to the rows, and which triggers may be the cause. Stateless. */
final class TableOutage {

    private TableOutage() {}

    /**
     * Opens the circuit.
     *
     * @param connection in a transaction that has not failed
     */
    static InfrastructureException of(Connection connection, PipelineSpec.Sink sink, SqlError refusal)
            throws SQLException {
        List<String> triggers = refusal.cause() == SqlError.Cause.DROPPED
                ? RowTriggers.beforeEachRow(connection, sink)
                : RowTriggers.onInsert(connection, sink);
        return new InfrastructureException(
                Kind.TRANSIENT,
                "table " + sink.qualifiedName() + " takes no rows: every row that was tried " + refusal.verb()
                        + causes(triggers) + "; nothing is quarantined, the worker waits until the table takes rows");
    }

    private static String causes(List<String> triggers) {
        return triggers.isEmpty() ? "" : "; its triggers are " + String.join(", ", triggers);
    }
}
