package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered;

/**
 * The result for one text.
 *
 * @param request the text
 * @param recovered its clear value, or why it has none
 */
public record TokenResult(TokenRequest request, Recovered recovered) {

    /** Neither text nor value. */
    @Override
    public String toString() {
        return "TokenResult[" + request.place() + "]";
    }
}
