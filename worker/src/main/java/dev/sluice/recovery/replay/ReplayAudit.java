package dev.sluice.recovery.replay;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Database;
import dev.sluice.postgres.QuarantineReplay.Replayed;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.Head;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/**
 * What the audit is told of opened originals. Each call is a transaction of its own, committed when it returns; what cannot
 * be audited is not done. Thread-safe.
 */
public final class ReplayAudit {

    private static final String ACTION = "audit the opening of originals";

    /** The functions take no more, and an entry needs no more to tell what happened. */
    private static final int MAX_FIELDS = 100;

    private static final int MAX_FIELD_LENGTH = 1_000;

    private final Database database;
    private final PipelineSpec spec;

    /** @param spec today's pipeline */
    public ReplayAudit(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
    }

    /**
     * One original is about to be opened, to show its shape.
     *
     * @param ticket the case
     * @param entry the quarantined record's id
     * @throws dev.sluice.pipeline.InfrastructureException when that is not in the audit, or that is unknown
     */
    public void inspect(String ticket, long entry) {
        append("quarantine_inspect(?, ?, ?, ?, ?)", call -> {
            put(call, ticket);
            call.setLong(5, entry);
        });
    }

    /** @param exposed fields that are stored as they are by the caller's word */
    Head begin(String ticket, long entries, List<String> exposed) {
        return append("replay_begin(?, ?, ?, ?, ?, ?)", call -> {
            put(call, ticket);
            call.setLong(5, entries);
            call.setArray(6, call.getConnection().createArrayOf("text", bounded(exposed)));
        });
    }

    void end(Head begun, Replayed sum) {
        append("replay_end(?, ?, ?, ?, ?, ?, ?)", call -> {
            call.setString(1, AuditLog.osUser());
            call.setLong(2, begun.seq());
            call.setLong(3, sum.entries());
            call.setLong(4, sum.stored());
            call.setLong(5, sum.duplicates());
            call.setLong(6, sum.rejected());
            call.setLong(7, sum.unopened());
        });
    }

    void refused(String ticket, List<String> weakened) {
        append("replay_refused(?, ?, ?, ?, ?)", call -> {
            put(call, ticket);
            call.setArray(5, call.getConnection().createArrayOf("text", bounded(weakened)));
        });
    }

    private void put(PreparedStatement call, String ticket) throws SQLException {
        call.setString(1, AuditLog.osUser());
        call.setString(2, ticket);
        call.setString(3, spec.name());
        call.setString(4, spec.version());
    }

    private static Object[] bounded(List<String> fields) {
        return fields.stream()
                .limit(MAX_FIELDS)
                .map(field -> field.substring(0, Math.min(field.length(), MAX_FIELD_LENGTH)))
                .toArray();
    }

    private Head append(String function, Parameters parameters) {
        Head head = database.transact(ACTION, connection -> append(connection, function, parameters));
        AuditLog.announce(head);
        return head;
    }

    private static Head append(Connection connection, String function, Parameters parameters) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement("SELECT seq, hash FROM sluice." + function)) {
            parameters.set(call);
            ResultSet appended = call.executeQuery();
            appended.next();
            return new Head(appended.getLong(1), HexFormat.of().formatHex(appended.getBytes(2)));
        }
    }

    @FunctionalInterface
    private interface Parameters {

        void set(PreparedStatement call) throws SQLException;
    }
}
