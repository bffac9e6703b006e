package dev.sluice.recovery.erase;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.AuditedWork;
import dev.sluice.recovery.audit.OperatorAudit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes a subject's rows from the target table, or makes columns of them NULL. The rows and the entry in the audit are
 * one transaction: neither is without the other. The entry says ticket, column and how many, never whom. Reaches neither
 * quarantine nor queue, ledger or backups. Thread-safe.
 */
public final class Erasure {

    private final Database database;
    private final PipelineSpec spec;
    private final String table;

    /** @param database one for maintenance: without an index on the subject's column the whole table is read */
    public Erasure(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
        this.table = Identifiers.quoted(database.located(spec.sink()));
    }

    /**
     * How many rows {@link #erase} would find. Where the column is masked, that confirms a guess: the caller has asked for
     * leave to look the value up first ({@link dev.sluice.recovery.unmask.RecoveryPolicy#find}).
     *
     * @throws InfrastructureException when the table cannot be read
     */
    public long count(Subject subject) {
        return database.transact("count rows of table " + spec.sink().qualifiedName(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT count(*)" + where(subject))) {
                bind(connection, statement, subject);
                ResultSet found = statement.executeQuery();
                found.next();
                return found.getLong(1);
            }
        });
    }

    /**
     * Deletes the subject's rows that are there now, or makes columns of them NULL. Rows that a worker stores later, of
     * messages that are on the queue still, are not prevented: call again.
     *
     * @param nulled columns of the pipeline; empty to delete the rows
     * @param ticket the case, as the organisation names it
     * @throws InfrastructureException when nothing was changed, or that is unknown; CONFIG when a column to be NULL may
     *     not be; NOT_PERMITTED when the day's calls are used up or, by a masked column, its look-ups: how many rows there
     *     are tells whether a value is there
     */
    public Erased erase(Subject subject, List<String> nulled, String ticket) {
        OperatorAudit audit = new OperatorAudit(database, spec);
        String action = "erase rows of table " + spec.sink().qualifiedName();
        Erased erased = AuditedWork.transact(database, action, connection -> {
            requireNullable(connection, nulled);
            SearchPath.restore(connection); // for the table's own triggers
            long rows = change(connection, subject, nulled);
            SearchPath.fix(connection);
            AuditHead head = audit.erased(connection, ticket, subject.column(), subject.masked(), nulled, rows);
            SearchPath.restore(connection); // COMMIT fires what those triggers have deferred
            return new Erased(rows, head);
        });
        AuditLog.announce(erased.head());
        return erased;
    }

    private void requireNullable(Connection connection, List<String> nulled) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT string_agg(attname, ', ') FROM pg_attribute"
                        + " WHERE attrelid = to_regclass(?) AND attnotnull AND attname = ANY (?)")) {
            statement.setString(1, table);
            statement.setArray(2, connection.createArrayOf("text", nulled.toArray()));
            ResultSet found = statement.executeQuery();
            found.next();
            String refusing = found.getString(1);
            if (refusing != null) {
                throw new InfrastructureException(
                        Kind.CONFIG,
                        "table " + spec.sink().qualifiedName() + " takes no NULL in " + refusing
                                + "; delete the rows, or drop NOT NULL");
            }
        }
    }

    private long change(Connection connection, Subject subject, List<String> nulled) throws SQLException {
        String sql = nulled.isEmpty()
                ? "DELETE" + where(subject)
                : nulled.stream()
                        .map(column -> Identifiers.quoted(column) + " = NULL")
                        .collect(Collectors.joining(", ", "UPDATE " + table + " SET ", condition(subject)));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, subject);
            return statement.executeLargeUpdate();
        }
    }

    private String where(Subject subject) {
        return " FROM " + table + condition(subject);
    }

    private static String condition(Subject subject) {
        return " WHERE " + Identifiers.quoted(subject.column())
                + " OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[]::pg_catalog." + subject.sqlType() + "[])";
    }

    private static void bind(Connection connection, PreparedStatement statement, Subject subject) throws SQLException {
        statement.setArray(1, connection.createArrayOf("text", subject.values().toArray()));
    }

    /**
     * @param rows how many were deleted or changed; 0 is a result, too, and audited
     * @param head the audit's, with the entry
     */
    public record Erased(long rows, AuditHead head) {}
}
