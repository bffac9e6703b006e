package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.schema.DatabaseChecks;
import dev.sluice.postgres.schema.Migrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What must hold before a batch can be stored: the questions that a start and a probe ask. Stateless. */
final class Readiness {

    private Readiness() {}

    /**
     * What writes to the table as it is now.
     *
     * @throws InfrastructureException CONFIG when schema {@code sluice} is not current or the table does not fit
     */
    static RowCopy fitting(Connection connection, PipelineSpec spec) throws SQLException {
        Migrations.State state = Migrations.state(connection);
        if (state != Migrations.State.CURRENT) {
            throw new InfrastructureException(Kind.CONFIG, state.explanation());
        }
        return RowCopy.fitting(connection, spec);
    }

    /** @throws InfrastructureException TRANSIENT on a standby, or when a grant is missing */
    static void requireWritable(Connection connection) throws SQLException {
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
}
