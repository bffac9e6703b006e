package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * One of the texts that somebody wants turned back.
 *
 * @param place from 1, in the order asked
 * @param text as it was given; only if it is a {@link #token} may it enter the audit, since it may be a clear value that was
 *     pasted by mistake
 * @param column the pipeline's column that it is a token of; null when it is of none
 * @param refusal why it cannot be turned back, as far as that is known without opening it; null when it may be tried,
 *     whereupon {@code column} is not null
 */
public record TokenRequest(int place, String text, @Nullable String column, @Nullable Refusal refusal) {

    /** Whether it has the form of a token. */
    boolean token() {
        return isToken(text);
    }

    static boolean isToken(String text) {
        return text.length() >= Tokens.MIN_LENGTH && Tokens.keyId(text).isPresent();
    }

    /** Without the text. */
    @Override
    public String toString() {
        return "Asked[" + place + ", " + column + ", " + refusal + "]";
    }
}
