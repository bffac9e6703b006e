package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.recovery.audit.Head;
import dev.sluice.recovery.unmask.Decision.Denied;
import dev.sluice.recovery.unmask.Decision.Granted;
import dev.sluice.recovery.unmask.Outcome.Opened;
import dev.sluice.recovery.unmask.Outcome.Withheld;
import dev.sluice.recovery.unmask.Permissions.Refused;
import dev.sluice.recovery.unmask.Requests.Fetched;
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

    private final Permissions permissions;
    private final Requests requests;
    private final Fields fields;
    private final Function<Asked, Recovered> opening;

    /** @param fields the pipeline's columns and keys */
    public Unmask(Permissions permissions, Requests requests, Fields fields) {
        this(permissions, requests, fields, fields::open);
    }

    /** @param opening turns one back */
    Unmask(Permissions permissions, Requests requests, Fields fields, Function<Asked, Recovered> opening) {
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
     * @throws dev.sluice.pipeline.InfrastructureException when an entry of the audit could not be committed
     */
    public Outcome unmask(Purpose purpose, List<String> texts, @Nullable String column) {
        List<Asked> asked = fields.sort(texts, column);
        if (asked.stream().noneMatch(Asked::token)) {
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
     * @throws dev.sluice.pipeline.InfrastructureException when an entry of the audit could not be committed
     */
    public Outcome fetch(long request) {
        Fetched fetched = requests.fetch(request);
        return switch (fetched.decision()) {
            case Denied denied -> new Withheld(denied);
            case Granted granted -> open(granted.head(), fields.sort(fetched.tokens(), null));
        };
    }

    private Outcome open(Head granted, List<Asked> asked) {
        List<Answer> answers = asked.stream().map(this::answer).toList();
        List<Refused> refused = answers.stream().flatMap(Unmask::refused).toList();
        permissions.result(granted, answers.size() - refused.size(), refused);
        return new Opened(answers);
    }

    private Answer answer(Asked one) {
        return new Answer(one, opening.apply(one));
    }

    private static Stream<Refused> refused(Answer answer) {
        return switch (answer.recovered()) {
            case Clear clear -> Stream.empty();
            case Recovered.Refused no ->
                Stream.of(new Refused(answer.asked(), no.why().name()));
        };
    }
}
