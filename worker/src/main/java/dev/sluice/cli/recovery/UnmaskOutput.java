package dev.sluice.cli.recovery;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Program;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Recovered.Refused;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.TokenRequest;
import dev.sluice.recovery.unmask.TokenResult;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints recovered values, one line per token in the order given. Only this and {@link ExportDocument} print clear
 * values, and only to standard output.
 */
final class UnmaskOutput {

    /** Stands for a missing value. No value looks like it, since backslashes are doubled (as in PostgreSQL's COPY). */
    static final String NO_VALUE = "\\N";

    private final Program program;

    UnmaskOutput(Program program) {
        this.program = program;
    }

    /** @return the exit code: that of the token with the highest one */
    int print(Opened opened) {
        return opened.results().stream().mapToInt(this::print).max().orElse(ExitCode.DONE);
    }

    private int print(TokenResult result) {
        return switch (result.recovered()) {
            case Clear clear -> {
                JsonLine json = new JsonLine()
                        .put("token", result.request().text())
                        .put("column", result.request().column())
                        .put("value", clear.value());
                println(program.json() ? json : line(clear.value()));
                yield ExitCode.DONE;
            }
            case Refused refused -> {
                println(
                        program.json()
                                ? refusal(
                                        result.request(),
                                        refused.why(),
                                        refused.why().name())
                                : NO_VALUE);
                report(result.request().place(), refused.why());
                yield exitCode(refused.why());
            }
        };
    }

    /** Prints a denial for each token, in JSON only. */
    void print(Denied denied, List<TokenRequest> requested) {
        if (program.json()) {
            String why = denied.why().name();
            requested.forEach(token -> println(refusal(token, token.refusal(), why)));
        }
    }

    /** A text that is not a token may be anything: a clear value, a line of a file named by mistake. */
    private static JsonLine refusal(TokenRequest token, @Nullable Refusal refusal, String why) {
        JsonLine line = refusal == Refusal.MALFORMED
                ? new JsonLine().put("place", token.place())
                : new JsonLine().put("token", token.text());
        return line.put("refused", why);
    }

    /** Whether all texts are tokens of this pipeline. Reports those that are not. */
    boolean areTokens(List<TokenRequest> requested) {
        boolean valid = true;
        for (TokenRequest token : requested) {
            Refusal why = token.refusal();
            if (why != null) {
                report(token.place(), why);
                valid = false;
            }
        }
        return valid;
    }

    /** By its position: the text may be a clear value. */
    private void report(int position, Refusal why) {
        program.console().err().println("sluice: token " + position + ": " + why + ", " + explanation(why));
    }

    /** A value on one line that a terminal does not act on. What is escaped differs from every other value. */
    static String line(String value) {
        return TerminalText.escape(value.replace("\\", "\\\\"));
    }

    /** A missing permission counts more than a bad token: it can be granted, while the token stays bad. */
    static int exitCode(Refusal why) {
        return switch (why) {
            case MALFORMED, UNKNOWN_KEY, OTHER_FIELD, NOT_REVERSIBLE, NOT_AUTHENTIC -> ExitCode.DATA;
            case KEY_NOT_ENABLED, NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
        };
    }

    private static String explanation(Refusal why) {
        return switch (why) {
            case MALFORMED -> "not a token";
            case UNKNOWN_KEY -> "the keyset file has no key with its ID";
            case OTHER_FIELD -> "a token of another column";
            case NOT_REVERSIBLE -> "its column is masked one way";
            case KEY_NOT_ENABLED -> "its key is disabled or destroyed";
            case NOT_PERMITTED -> "it was not part of what the database permitted";
            case NOT_AUTHENTIC -> "it was altered";
        };
    }

    private void println(Object line) {
        program.console().out().println(line);
    }
}
