package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * A text to be unmasked.
 *
 * @param place from 1, in the order requested
 * @param text as it was given; it may enter the audit only if it {@link #isToken}, since it may be a clear value that was
 *     pasted by mistake
 * @param column the pipeline's column that it is a token of; null when unknown
 * @param refusal why it cannot be unmasked, as far as that is known without opening it; null when it may be tried, and then
 *     {@code column} is not null
 */
public record TokenRequest(int place, String text, @Nullable String column, @Nullable Refusal refusal) {

    /** Whether it has the form of a token. */
    boolean isToken() {
        return isToken(text);
    }

    static boolean isToken(String text) {
        return text.length() >= Tokens.MIN_LENGTH && Tokens.keyId(text).isPresent();
    }

    /** Without the text. */
    @Override
    public String toString() {
        return "TokenRequest[" + place + ", " + column + ", " + refusal + "]";
    }
}
