package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.RecoveryPolicy.Refused;
import dev.sluice.recovery.unmask.RecoveryRequests.Fetched;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import dev.sluice.recovery.unmask.UnmaskOutcome.Withheld;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns tokens back, in this order: leave is asked for and committed to the audit; the tokens are opened; what became of
 * them is committed; then they are given to the caller, who may show them. When the database fails at any of it, an
 * exception comes instead of values. Thread-safe.
 */
public final class Unmask {

    private final RecoveryPolicy permissions;
    private final RecoveryRequests requests;
    private final MaskedFields fields;
    private final Function<TokenRequest, Recovered> opening;

    /** @param fields the pipeline's columns and keys */
    public Unmask(RecoveryPolicy permissions, RecoveryRequests requests, MaskedFields fields) {
        this(permissions, requests, fields, fields::open);
    }

    /** @param opening turns one back */
    Unmask(
            RecoveryPolicy permissions,
            RecoveryRequests requests,
            MaskedFields fields,
            Function<TokenRequest, Recovered> opening) {
        this.permissions = permissions;
        this.requests = requests;
        this.fields = fields;
        this.opening = opening;
    }

    /**
     * Turns back as many as one person may.
     *
     * @param texts what is asked for, tokens or not, at least one
     * @param column the column that all of them are of; null to go by the key in each
     * @throws dev.sluice.failure.InfrastructureException when an entry of the audit could not be committed
     */
    public UnmaskOutcome unmask(Purpose purpose, List<String> texts, @Nullable String column) {
        List<TokenRequest> asked = fields.sort(texts, column);
        if (asked.stream().noneMatch(TokenRequest::token)) {
            return new Opened(asked.stream().map(this::answer).toList()); // nothing to open, so nothing to ask for
        }
        return switch (permissions.unmask(purpose, asked)) {
            case Denied denied -> new Withheld(denied);
            case Granted granted -> open(granted.head(), asked);
        };
    }

    /**
     * Turns back what somebody else has approved.
     *
     * @param request its number
     * @throws dev.sluice.failure.InfrastructureException when an entry of the audit could not be committed
     */
    public UnmaskOutcome fetch(long request) {
        Fetched fetched = requests.fetch(request);
        return switch (fetched.decision()) {
            case Denied denied -> new Withheld(denied);
            case Granted granted -> open(granted.head(), fields.sort(fetched.tokens(), null));
        };
    }

    private UnmaskOutcome open(AuditHead granted, List<TokenRequest> asked) {
        List<TokenResult> answers = asked.stream().map(this::answer).toList();
        List<Refused> refused = answers.stream().flatMap(Unmask::refused).toList();
        permissions.result(granted, answers.size() - refused.size(), refused);
        return new Opened(answers);
    }

    private TokenResult answer(TokenRequest one) {
        return new TokenResult(one, opening.apply(one));
    }

    private static Stream<Refused> refused(TokenResult answer) {
        return switch (answer.recovered()) {
            case Clear clear -> Stream.empty();
            case Recovered.Refused no ->
                Stream.of(new Refused(answer.asked(), no.why().name()));
        };
    }
}
