package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.RecoveryRequests.Fetched;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Unmasks tokens, in this order: permission is requested and committed to the audit; the tokens are opened; the results are
 * committed; then the caller gets them and may show them. When the database fails at any step, an exception replaces the
 * values. Thread-safe.
 */
public final class Unmask {

    private final RecoveryPolicy policy;
    private final RecoveryRequests requests;
    private final MaskedFields fields;
    private final Function<TokenRequest, Recovered> opener;

    /** @param fields the pipeline's columns and keys */
    public Unmask(RecoveryPolicy policy, RecoveryRequests requests, MaskedFields fields) {
        this(policy, requests, fields, fields::open);
    }

    /** @param opener opens one token */
    Unmask(
            RecoveryPolicy policy,
            RecoveryRequests requests,
            MaskedFields fields,
            Function<TokenRequest, Recovered> opener) {
        this.policy = policy;
        this.requests = requests;
        this.fields = fields;
        this.opener = opener;
    }

    /**
     * Unmasks as many tokens as one person may.
     *
     * @param texts tokens or not, at least one
     * @param column that all of them belong to; null to use the key in each
     * @throws dev.sluice.failure.InfrastructureException when an audit entry could not be committed
     */
    public UnmaskOutcome unmask(Purpose purpose, List<String> texts, @Nullable String column) {
        List<TokenRequest> tokens = fields.sort(texts, column);
        if (tokens.stream().noneMatch(TokenRequest::isToken)) {
            return new Opened(tokens.stream().map(this::open).toList()); // nothing to open, so no permission needed
        }
        return switch (policy.unmask(purpose, tokens)) {
            case Denied denied -> denied;
            case Granted granted -> open(granted.head(), tokens);
        };
    }

    /**
     * Unmasks the tokens in a subject's rows, as many as one person may. There may be none: the export is audited all the same.
     *
     * @param subjectColumn by which the rows were found
     * @param rows how many
     * @param tokens all of them tokens of known columns
     * @throws dev.sluice.failure.InfrastructureException when an audit entry could not be committed
     */
    public UnmaskOutcome export(Purpose purpose, String subjectColumn, long rows, List<TokenRequest> tokens) {
        return switch (policy.export(purpose, subjectColumn, rows, tokens)) {
            case Denied denied -> denied;
            case Granted granted -> open(granted.head(), tokens);
        };
    }

    /**
     * Unmasks tokens whose request somebody else has approved.
     *
     * @param request its number
     * @throws dev.sluice.failure.InfrastructureException when an audit entry could not be committed
     */
    public UnmaskOutcome fetch(long request) {
        Fetched fetched = requests.fetch(request);
        return switch (fetched.decision()) {
            case Denied denied -> denied;
            case Granted granted -> open(granted.head(), fields.sort(fetched.tokens(), null));
        };
    }

    private UnmaskOutcome open(AuditHead granted, List<TokenRequest> tokens) {
        List<TokenResult> results = tokens.stream().map(this::open).toList();
        policy.result(granted, results);
        return new Opened(results);
    }

    private TokenResult open(TokenRequest token) {
        return new TokenResult(token, opener.apply(token));
    }
}
