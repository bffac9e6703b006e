package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered.Refused;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Requests permission from the database. One of its functions decides and writes the audit; each call is a transaction that is
 * committed when it returns, and any failure means no permission. Thread-safe.
 */
public final class RecoveryPolicy {

    /** The result of every function that decides. */
    static final String DECISION = "denied, bound, seq, hash";

    private final Database database;
    private final String pipeline;

    /** @param pipeline the pipeline's name */
    public RecoveryPolicy(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /**
     * Permission to open tokens now.
     *
     * @param tokens of a text that is not a token, only the place is recorded
     * @throws dev.sluice.failure.InfrastructureException when there is no decision; nothing may be opened then
     */
    PolicyDecision unmask(Purpose purpose, List<TokenRequest> tokens) {
        Object[] malformed = tokens.stream()
                .filter(token -> !token.isToken())
                .map(TokenRequest::place)
                .toArray();
        return decide(
                database,
                "request permission to unmask",
                "recovery_unmask",
                purpose.reason().name(),
                purpose.ticket(),
                pipeline,
                columns(tokens),
                tokens(tokens),
                Query.array("integer", malformed));
    }

    /**
     * Permission to look up one clear value.
     *
     * @param tokens of the value
     * @throws dev.sluice.failure.InfrastructureException as {@link #unmask}
     */
    public PolicyDecision find(Purpose purpose, List<String> columns, List<String> tokens) {
        return decide(
                database,
                "request permission to look up a value",
                "recovery_find",
                purpose.reason().name(),
                purpose.ticket(),
                pipeline,
                Query.texts(columns),
                Query.texts(tokens));
    }

    /**
     * Permission to export a subject's rows.
     *
     * @param subjectColumn by which the rows were found
     * @param rows how many
     * @param tokens that are in them; may be empty
     * @throws dev.sluice.failure.InfrastructureException as {@link #unmask}
     */
    PolicyDecision export(Purpose purpose, String subjectColumn, long rows, List<TokenRequest> tokens) {
        return decide(
                database,
                "request permission to export",
                "recovery_export",
                purpose.reason().name(),
                purpose.ticket(),
                pipeline,
                subjectColumn,
                rows,
                columns(tokens),
                tokens(tokens));
    }

    /**
     * Records the results of a granted request.
     *
     * @param granted the entry that granted it
     * @throws dev.sluice.failure.InfrastructureException when that is not in the audit; nothing may be shown then
     */
    void result(AuditHead granted, List<TokenResult> results) {
        List<String> refused = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        int malformed = 0;
        for (TokenResult result : results) {
            if (result.recovered() instanceof Refused refusal) {
                if (result.request().isToken()) {
                    refused.add(result.request().text());
                    reasons.add(refusal.why().name());
                } else {
                    malformed++;
                }
            }
        }
        AuditLog.announce(AuditLog.call(
                database,
                "audit the result",
                "seq, hash",
                "recovery_result",
                AuditHead::of,
                granted.seq(),
                results.size() - refused.size() - malformed,
                Query.texts(refused),
                Query.texts(reasons),
                malformed));
    }

    /** Calls a function that decides, and logs the audit's head. */
    static PolicyDecision decide(Database database, String action, String function, Object... parameters) {
        PolicyDecision decision = AuditLog.call(database, action, DECISION, function, PolicyDecision::of, parameters);
        AuditLog.announce(decision.head());
        return decision;
    }

    static Query.Parameter columns(List<TokenRequest> tokens) {
        return Query.texts(tokens.stream()
                .map(TokenRequest::column)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
    }

    static Query.Parameter tokens(List<TokenRequest> tokens) {
        return Query.texts(tokens.stream()
                .filter(TokenRequest::isToken)
                .map(TokenRequest::text)
                .toList());
    }
}
