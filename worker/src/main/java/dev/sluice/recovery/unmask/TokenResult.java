package dev.sluice.recovery.unmask;

import dev.sluice.mask.Recovered;

/**
 * What one text turned out to be.
 *
 * @param asked the text
 * @param recovered its clear value, or why it has none
 */
public record TokenResult(TokenRequest asked, Recovered recovered) {

    /** Neither text nor value. */
    @Override
    public String toString() {
        return "Answer[" + asked.place() + "]";
    }
}
