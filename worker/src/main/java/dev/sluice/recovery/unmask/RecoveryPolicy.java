package dev.sluice.recovery.unmask;

import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.AuditedWork;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database for leave. Its functions decide and write the audit in one; each call is a transaction of its own that
 * is committed when it returns, and a failure of any kind is no leave. Thread-safe.
 */
public final class RecoveryPolicy {

    /** Where each of the functions answers with a decision. */
    private static final String DECISION = "SELECT denied, bound, seq, hash FROM ";

    private final Database database;
    private final String pipeline;

    /** @param pipeline the pipeline's name */
    public RecoveryPolicy(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /**
     * For opening tokens now.
     *
     * @param asked what is no token is told by its place only
     * @throws dev.sluice.failure.InfrastructureException when that cannot be decided; nothing is opened then
     */
    PolicyDecision unmask(Purpose purpose, List<TokenRequest> asked) {
        Integer[] malformed = asked.stream()
                .filter(one -> !one.token())
                .map(TokenRequest::place)
                .toArray(Integer[]::new);
        return announced(AuditedWork.transact(database, "ask for leave to unmask", connection -> {
            try (PreparedStatement call =
                    connection.prepareStatement(DECISION + "sluice.recovery_unmask(?, ?, ?, ?, ?, ?, ?)")) {
                put(call, pipeline, purpose, columns(asked), tokens(asked));
                call.setArray(7, connection.createArrayOf("integer", malformed));
                return decision(call);
            }
        }));
    }

    /**
     * For looking one clear value up.
     *
     * @param tokens what it may stand as
     * @throws dev.sluice.failure.InfrastructureException as {@link #unmask}
     */
    public PolicyDecision find(Purpose purpose, List<String> columns, List<String> tokens) {
        return announced(AuditedWork.transact(database, "ask for leave to find", connection -> {
            try (PreparedStatement call =
                    connection.prepareStatement(DECISION + "sluice.recovery_find(?, ?, ?, ?, ?, ?)")) {
                put(call, pipeline, purpose, columns, tokens);
                return decision(call);
            }
        }));
    }

    /**
     * Tells the audit what became of values that were granted.
     *
     * @param granted the entry that granted them
     * @param opened how many were opened
     * @param refused the others; not null their refusals
     * @throws dev.sluice.failure.InfrastructureException when that is not in the audit; nothing is shown then
     */
    void result(AuditHead granted, int opened, List<Refused> refused) {
        List<Refused> tokens =
                refused.stream().filter(one -> one.asked().token()).toList();
        AuditLog.announce(AuditedWork.transact(database, "audit the result", connection -> {
            try (PreparedStatement call =
                    connection.prepareStatement("SELECT seq, hash FROM sluice.recovery_result(?, ?, ?, ?, ?, ?)")) {
                call.setString(1, AuditLog.osUser());
                call.setLong(2, granted.seq());
                call.setInt(3, opened);
                call.setArray(
                        4,
                        texts(
                                connection,
                                tokens.stream().map(one -> one.asked().text()).toList()));
                call.setArray(
                        5, texts(connection, tokens.stream().map(Refused::why).toList()));
                call.setInt(6, refused.size() - tokens.size());
                ResultSet appended = call.executeQuery();
                appended.next();
                return head(appended, 1);
            }
        }));
    }

    /**
     * A token that was not opened.
     *
     * @param why the refusal's name
     */
    record Refused(TokenRequest asked, String why) {}

    /** The first six parameters of most functions. */
    static void put(PreparedStatement call, String pipeline, Purpose purpose, List<String> columns, List<String> tokens)
            throws SQLException {
        call.setString(1, AuditLog.osUser());
        call.setString(2, purpose.reason().name());
        call.setString(3, purpose.ticket());
        call.setString(4, pipeline);
        call.setArray(5, texts(call.getConnection(), columns));
        call.setArray(6, texts(call.getConnection(), tokens));
    }

    /** Runs a function that answers with a decision, in the first four columns. */
    static PolicyDecision decision(PreparedStatement call) throws SQLException {
        ResultSet answer = call.executeQuery();
        answer.next();
        return decision(answer);
    }

    /** Denied, bound, seq, hash: the columns of a decision. A denial has been audited, too. */
    static PolicyDecision decision(ResultSet answer) throws SQLException {
        String denied = answer.getString(1);
        AuditHead head = head(answer, 3);
        return denied == null ? new Granted(head) : new Denied(head, DenialReason.valueOf(denied), answer.getLong(2));
    }

    private static AuditHead head(ResultSet answer, int seqColumn) throws SQLException {
        return new AuditHead(answer.getLong(seqColumn), HexFormat.of().formatHex(answer.getBytes(seqColumn + 1)));
    }

    /** Logs the head of what is committed. */
    static PolicyDecision announced(PolicyDecision decision) {
        AuditLog.announce(decision.head());
        return decision;
    }

    static List<String> columns(List<TokenRequest> asked) {
        return asked.stream()
                .map(TokenRequest::column)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    static List<String> tokens(List<TokenRequest> asked) {
        return asked.stream()
                .filter(TokenRequest::token)
                .map(TokenRequest::text)
                .toList();
    }

    static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static List<String> texts(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }
}
