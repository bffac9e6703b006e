package dev.sluice.recovery.unmask;

import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.AuditedWork;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dual control: requests for values, their approval by another database user, and taking them up. Who may do what, and for
 * how long, is the database's to enforce; each step is audited, granted or not. Thread-safe.
 */
public final class RecoveryRequests {

    private static final String LISTED = "SELECT id, requester, reason, ticket, pipeline, columns,"
            + " ARRAY(SELECT made.key || made.value FROM jsonb_each_text(keys) AS made), cardinality(tokens),"
            + " approver, requested_at, expires_at, approved_by, CASE WHEN fetched_at IS NOT NULL THEN 'FETCHED'"
            + " WHEN expires_at <= clock_timestamp() THEN 'EXPIRED' WHEN approved_by IS NOT NULL THEN 'APPROVED'"
            + " ELSE 'OPEN' END FROM sluice.recovery_request";

    private final Database database;
    private final String pipeline;

    /** @param pipeline the pipeline's name */
    public RecoveryRequests(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /** What came of a request. */
    public sealed interface Submission {

        /**
         * It waits for its approver.
         *
         * @param id its number
         * @param expiresAt until when
         */
        record Made(long id, Instant expiresAt) implements Submission {}

        /** It was not made. */
        record NotMade(Denied why) implements Submission {}
    }

    /**
     * Asks for values.
     *
     * @param asked at least one, all of them tokens of known columns
     * @param approver the database user who alone may approve; null for anybody else
     * @throws dev.sluice.failure.InfrastructureException when there is no request, or that is unknown
     */
    public Submission submit(Purpose purpose, List<TokenRequest> asked, @Nullable String approver) {
        if (asked.isEmpty() || asked.stream().anyMatch(one -> one.refusal() != null)) {
            throw new IllegalArgumentException("only tokens that may be opened can be requested");
        }
        Submitted submitted = AuditedWork.transact(database, "make a request", connection -> {
            try (PreparedStatement call = connection.prepareStatement("SELECT denied, bound, seq, hash, id, expires_at"
                    + " FROM sluice.recovery_submit(?, ?, ?, ?, ?, ?, ?)")) {
                RecoveryPolicy.put(
                        call, pipeline, purpose, RecoveryPolicy.columns(asked), RecoveryPolicy.tokens(asked));
                call.setString(7, approver);
                ResultSet answer = call.executeQuery();
                answer.next();
                return new Submitted(RecoveryPolicy.decision(answer), answer.getLong(5), instant(answer, 6));
            }
        });
        RecoveryPolicy.announced(submitted.decision());
        return switch (submitted.decision()) {
            case Denied denied -> new Submission.NotMade(denied);
            case Granted granted -> new Submission.Made(submitted.id(), submitted.expiresAt());
        };
    }

    private record Submitted(PolicyDecision decision, long id, Instant expiresAt) {}

    /**
     * Approves a request in the name of the database session's user.
     *
     * @throws dev.sluice.failure.InfrastructureException when it is not approved, or that is unknown
     */
    public PolicyDecision approve(long id) {
        return RecoveryPolicy.announced(AuditedWork.transact(database, "approve a request", connection -> {
            try (PreparedStatement call = connection.prepareStatement(
                    "SELECT denied, bound, seq, hash FROM sluice.recovery_approve(?, ?, ?)")) {
                put(call, id);
                return RecoveryPolicy.decision(call);
            }
        }));
    }

    /**
     * Takes an approved request up, which can be done once.
     *
     * @throws dev.sluice.failure.InfrastructureException when it is not granted, or that is unknown
     */
    Fetched fetch(long id) {
        Fetched fetched = AuditedWork.transact(database, "fetch a request", connection -> {
            try (PreparedStatement call = connection.prepareStatement(
                    "SELECT denied, bound, seq, hash, tokens FROM sluice.recovery_fetch(?, ?, ?)")) {
                put(call, id);
                ResultSet answer = call.executeQuery();
                answer.next();
                return new Fetched(RecoveryPolicy.decision(answer), RecoveryPolicy.texts(answer.getArray(5)));
            }
        });
        RecoveryPolicy.announced(fetched.decision());
        return fetched;
    }

    /**
     * What fetching gave.
     *
     * @param tokens as they were asked for; none when it was denied
     */
    record Fetched(PolicyDecision decision, List<String> tokens) {}

    /**
     * The newest requests, newest first, of all pipelines.
     *
     * @param limit at most so many, at least 0
     * @throws dev.sluice.failure.InfrastructureException when they cannot be read
     */
    public List<RecoveryRequest> list(int limit) {
        return read(" ORDER BY id DESC LIMIT ?", limit);
    }

    /** The request of that number; empty when there is none. */
    public Optional<RecoveryRequest> get(long id) {
        return read(" WHERE id = ?", id).stream().findFirst();
    }

    private List<RecoveryRequest> read(String which, long number) {
        return database.transact("read the requests", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LISTED + which)) {
                statement.setLong(1, number);
                ResultSet found = statement.executeQuery();
                List<RecoveryRequest> requests = new ArrayList<>();
                while (found.next()) {
                    requests.add(request(found));
                }
                return requests;
            }
        });
    }

    private static RecoveryRequest request(ResultSet found) throws SQLException {
        return new RecoveryRequest(
                found.getLong(1),
                found.getString(2),
                found.getString(3),
                found.getString(4),
                found.getString(5),
                RecoveryPolicy.texts(found.getArray(6)),
                keys(RecoveryPolicy.texts(found.getArray(7))),
                found.getInt(8),
                found.getString(9),
                instant(found, 10),
                instant(found, 11),
                found.getString(12),
                RecoveryRequest.State.valueOf(found.getString(13)));
    }

    /** Eight hex digits, and a count behind them. */
    private static SortedMap<String, Integer> keys(List<String> counted) {
        SortedMap<String, Integer> keys = new TreeMap<>();
        counted.forEach(one -> keys.put(one.substring(0, 8), Integer.valueOf(one.substring(8))));
        return keys;
    }

    private void put(PreparedStatement call, long id) throws SQLException {
        call.setString(1, AuditLog.osUser());
        call.setString(2, pipeline);
        call.setLong(3, id);
    }

    /** The epoch for NULL: a request that was not made has no time. */
    private static Instant instant(ResultSet found, int column) throws SQLException {
        OffsetDateTime time = found.getObject(column, OffsetDateTime.class);
        return time == null ? Instant.EPOCH : time.toInstant();
    }
}
