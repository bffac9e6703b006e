package dev.sluice.cli;

import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Recovered.Refused;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.TokenRequest;
import dev.sluice.recovery.unmask.TokenResult;
import dev.sluice.recovery.unmask.UnmaskOutcome;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints what came of asking for values: the one place that prints clear ones, to standard output and nowhere else. One
 * line a text in the order asked.
 */
final class OutcomeView {

    /** In place of a value. No value is printed so, since a backslash of its own is doubled (as in PostgreSQL's COPY). */
    static final String NO_VALUE = "\\N";

    private final Sluice sluice;

    OutcomeView(Sluice sluice) {
        this.sluice = sluice;
    }

    /**
     * @param asked what was asked for; told with the denial, in JSON
     * @return the exit code
     */
    int print(UnmaskOutcome outcome, List<TokenRequest> asked) {
        return switch (outcome) {
            case Opened opened -> {
                opened.results().forEach(this::print);
                yield exitCode(opened.results());
            }
            case Denied denied -> {
                if (sluice.json()) {
                    asked.forEach(
                            one -> refused(one, one.refusal(), denied.why().name()));
                }
                sluice.console().err().println("sluice: denied: " + denied.explanation());
                yield ExitCode.NOT_PERMITTED;
            }
        };
    }

    private void print(TokenResult answer) {
        switch (answer.recovered()) {
            case Clear clear -> {
                if (sluice.json()) {
                    println(new JsonLine()
                            .put("token", answer.request().text())
                            .put("column", answer.request().column())
                            .put("value", clear.value()));
                } else {
                    println(line(clear.value()));
                }
            }
            case Refused refused -> {
                if (sluice.json()) {
                    refused(answer.request(), refused.why(), refused.why().name());
                } else {
                    println(NO_VALUE);
                }
                complain(answer.request().place(), refused.why());
            }
        }
    }

    /** A text that is no token may be anything: a clear value, a line of a file named by mistake. */
    private void refused(TokenRequest asked, @Nullable Refusal refusal, String told) {
        JsonLine line = refusal == Refusal.MALFORMED
                ? new JsonLine().put("place", asked.place())
                : new JsonLine().put("token", asked.text());
        println(line.put("refused", told));
    }

    /** By its place: what was given may be a clear value. */
    void complain(int place, Refusal why) {
        sluice.console().err().println("sluice: token " + place + ": " + why + ", " + explanation(why));
    }

    /** A value on one line, which a terminal does not act on; what is escaped can be told from what is not. */
    static String line(String value) {
        return TextTable.printable(value.replace("\\", "\\\\"));
    }

    /** Want of permission comes first: somebody may grant it, while no token of ours stays none. */
    private static int exitCode(List<TokenResult> answers) {
        return answers.stream().mapToInt(OutcomeView::exitCode).max().orElse(ExitCode.DONE);
    }

    private static int exitCode(TokenResult answer) {
        return switch (answer.recovered()) {
            case Recovered.Clear clear -> ExitCode.DONE;
            case Recovered.Refused refused -> exitCode(refused.why());
        };
    }

    private static int exitCode(Refusal why) {
        return switch (why) {
            case MALFORMED, UNKNOWN_KEY, OTHER_FIELD, NOT_REVERSIBLE, NOT_AUTHENTIC -> ExitCode.DATA;
            case KEY_NOT_ENABLED -> ExitCode.NOT_PERMITTED;
        };
    }

    private static String explanation(Refusal why) {
        return switch (why) {
            case MALFORMED -> "no token";
            case UNKNOWN_KEY -> "the keyset file has no key of its id";
            case OTHER_FIELD -> "a token of another column";
            case NOT_REVERSIBLE -> "its column is masked one way";
            case KEY_NOT_ENABLED -> "its key is disabled or destroyed";
            case NOT_AUTHENTIC -> "not as it was made";
        };
    }

    private void println(Object line) {
        sluice.console().out().println(line);
    }
}
