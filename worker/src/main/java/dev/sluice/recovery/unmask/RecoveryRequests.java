package dev.sluice.recovery.unmask;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dual control: requests for values, their approval by another database user, and fetching them. The database enforces who may
 * do what and for how long, and audits each step, granted or not. When a method throws {@link
 * dev.sluice.failure.InfrastructureException}, the step did not take place or that is unknown. Thread-safe.
 */
public final class RecoveryRequests {

    private static final String LISTED = "SELECT id, requester, reason, ticket, pipeline, columns,"
            + " ARRAY(SELECT made.key || made.value FROM jsonb_each_text(keys) AS made), cardinality(tokens),"
            + " approver, requested_at, expires_at, approved_by, CASE WHEN fetched_at IS NOT NULL THEN 'FETCHED'"
            + " WHEN expires_at <= clock_timestamp() THEN 'EXPIRED' WHEN approved_by IS NOT NULL THEN 'APPROVED'"
            + " ELSE 'OPEN' END FROM sluice.recovery_request";

    private final Database database;
    private final String pipeline;

    public RecoveryRequests(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /** The outcome of submitting a request. */
    public sealed interface Submission permits Submission.Made, Denied {

        /** The audit entry. */
        AuditHead head();

        /**
         * The request waits for its approver.
         *
         * @param id its number
         * @param expiresAt when it expires
         */
        record Made(AuditHead head, long id, Instant expiresAt) implements Submission {}
    }

    /**
     * Requests values.
     *
     * @param tokens at least one, all of them tokens of known columns
     * @param approver the only database user who may approve; null for anybody else
     */
    public Submission submit(Purpose purpose, List<TokenRequest> tokens, @Nullable String approver) {
        if (tokens.isEmpty() || tokens.stream().anyMatch(token -> token.refusal() != null)) {
            throw new IllegalArgumentException("only tokens that may be opened can be requested");
        }
        Submission submission = AuditLog.call(
                database,
                "submit a request",
                RecoveryPolicy.DECISION + ", id, expires_at",
                "recovery_submit",
                RecoveryRequests::submission,
                purpose.reason().name(),
                purpose.ticket(),
                pipeline,
                RecoveryPolicy.columns(tokens),
                RecoveryPolicy.tokens(tokens),
                approver);
        AuditLog.announce(submission.head());
        return submission;
    }

    private static Submission submission(ResultSet row) throws SQLException {
        return switch (PolicyDecision.of(row)) {
            case Denied denied -> denied;
            case Granted granted -> new Submission.Made(granted.head(), row.getLong(5), instant(row, 6));
        };
    }

    /** Approves a request as the database session's user. */
    public PolicyDecision approve(long id) {
        return RecoveryPolicy.decide(database, "approve a request", "recovery_approve", pipeline, id);
    }

    /** Fetches an approved request. The database allows that three times, in case the values were lost on their way. */
    Fetched fetch(long id) {
        Fetched fetched = AuditLog.call(
                database,
                "fetch a request",
                RecoveryPolicy.DECISION + ", tokens",
                "recovery_fetch",
                row -> new Fetched(PolicyDecision.of(row), Query.texts(row, 5)),
                pipeline,
                id);
        AuditLog.announce(fetched.decision().head());
        return fetched;
    }

    /** @param tokens as they were requested; none when it was denied */
    record Fetched(PolicyDecision decision, List<String> tokens) {}

    /**
     * The newest requests of all pipelines, newest first.
     *
     * @param limit at most so many, at least 0
     */
    public List<RecoveryRequest> list(int limit) {
        return read(" ORDER BY id DESC LIMIT ?", limit);
    }

    /** The request of that number; empty when there is none. */
    public Optional<RecoveryRequest> get(long id) {
        return read(" WHERE id = ?", id).stream().findFirst();
    }

    private List<RecoveryRequest> read(String which, long number) {
        return database.transact("read the requests", connection -> Query.of(connection, LISTED + which, number)
                .list(RecoveryRequests::request));
    }

    private static RecoveryRequest request(ResultSet row) throws SQLException {
        return new RecoveryRequest(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Query.texts(row, 6),
                keys(Query.texts(row, 7)),
                row.getInt(8),
                row.getString(9),
                instant(row, 10),
                instant(row, 11),
                row.getString(12),
                RecoveryRequest.Stage.valueOf(row.getString(13)));
    }

    /** Eight hex digits each, followed by a count. */
    private static SortedMap<String, Integer> keys(List<String> counted) {
        SortedMap<String, Integer> keys = new TreeMap<>();
        counted.forEach(one -> keys.put(one.substring(0, 8), Integer.valueOf(one.substring(8))));
        return keys;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(Query.instant(row, column));
    }
}
