package dev.sluice.recovery.erase;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.OperatorAudit;
import dev.sluice.recovery.subject.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes a subject's rows from the target table, or sets columns of them to NULL, in one transaction with the audit entry. The
 * entry records ticket, column and number of rows, never the subject. Does not touch quarantine, queue, ledger or backups.
 * Thread-safe.
 */
public final class Erasure {

    private final Database database;
    private final PipelineSpec spec;
    private final String table;

    /** @param database for maintenance: without an index on the subject's column the whole table is read */
    public Erasure(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
        this.table = Identifiers.quoted(database.located(spec.sink()));
    }

    /**
     * How many rows {@link #erase} would find. For a masked column that confirms a guess, so the caller must have permission to
     * look up the value ({@link dev.sluice.recovery.unmask.RecoveryPolicy#find}).
     *
     * @throws InfrastructureException when the table cannot be read
     */
    public long count(Subject subject) {
        return database.transact("count rows of table " + spec.sink().qualifiedName(), connection -> subject.query(
                        connection, "SELECT count(*) FROM " + table, "")
                .number());
    }

    /**
     * Deletes the subject's present rows, or sets columns of them to NULL. Does not prevent rows that a worker stores later, of
     * messages that are still on the queue: call again.
     *
     * @param nulled columns of the pipeline; empty to delete the rows
     * @param ticket the case, as the organisation names it
     * @return how many rows were deleted or changed; 0 is audited too
     * @throws InfrastructureException when nothing was changed, or that is unknown; CONFIG when one of these columns is NOT
     *     NULL; NOT_PERMITTED when this login has no calls left today or, for a masked column, no look-ups: the number of
     *     rows reveals whether the value exists
     */
    public long erase(Subject subject, List<String> nulled, String ticket) {
        OperatorAudit audit = new OperatorAudit(database, spec);
        String action = "erase rows of table " + spec.sink().qualifiedName();
        Erased erased = AuditLog.transact(database, action, connection -> {
            requireNullable(connection, nulled);
            SearchPath.restore(connection); // for the table's own triggers
            long rows = change(connection, subject, nulled);
            SearchPath.fix(connection);
            AuditHead head = audit.erased(connection, ticket, subject.column(), subject.masked(), nulled, rows);
            SearchPath.restore(connection); // COMMIT fires what those triggers have deferred
            return new Erased(rows, head);
        });
        AuditLog.announce(erased.head());
        return erased.rows();
    }

    private void requireNullable(Connection connection, List<String> nulled) throws SQLException {
        String notNull = Query.of(
                        connection,
                        "SELECT string_agg(attname, ', ') FROM pg_attribute"
                                + " WHERE attrelid = to_regclass(?) AND attnotnull AND attname = ANY (?)",
                        table,
                        Query.texts(nulled))
                .text();
        if (!notNull.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + spec.sink().qualifiedName() + " does not allow NULL in " + notNull
                            + "; delete the rows, or drop NOT NULL");
        }
    }

    private long change(Connection connection, Subject subject, List<String> nulled) throws SQLException {
        String sql = nulled.isEmpty()
                ? "DELETE FROM " + table
                : nulled.stream()
                        .map(column -> Identifiers.quoted(column) + " = NULL")
                        .collect(Collectors.joining(", ", "UPDATE " + table + " SET ", ""));
        return subject.query(connection, sql, "").update();
    }

    private record Erased(long rows, AuditHead head) {}
}
