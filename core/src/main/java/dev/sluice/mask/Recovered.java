package dev.sluice.mask;

import dev.sluice.encoding.Labelled;

/** What a token turned out to be. */
public sealed interface Recovered {

    /**
     * The token was authentic.
     *
     * @param value the clear value in its canonical form: personal data
     */
    record Clear(String value) implements Recovered {

        /** Not the value. */
        @Override
        public String toString() {
            return "Clear[not shown]";
        }
    }

    /** The token was not turned back. */
    record Refused(Refusal why) implements Recovered {}

    /** Why a token is not turned back: a closed set, so that it can stand in the audit. */
    enum Refusal implements Labelled {
        /** No token of ours: not base64url without padding, or without our prefix. */
        MALFORMED,
        /** No key of the keyset file has the id in the token. */
        UNKNOWN_KEY,
        /** The key in the token is another field's. */
        OTHER_FIELD,
        /** The key's field is masked by a one-way function: nobody can turn it back. */
        NOT_REVERSIBLE,
        /** The key is there, but disabled or destroyed. */
        KEY_NOT_ENABLED,
        /** The key is this field's, yet the token was changed, cut, or made for another canonical form. */
        NOT_AUTHENTIC
    }
}
