package dev.sluice.mask;

import dev.sluice.encoding.Labelled;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import org.jspecify.annotations.Nullable;

/** The result of recovering a token. */
public sealed interface Recovered {

    /**
     * The token was authentic.
     *
     * @param value the clear value in its canonical form: personal data
     */
    record Clear(String value) implements Recovered {

        /** Never shows the value. */
        @Override
        public String toString() {
            return "Clear[not shown]";
        }
    }

    /** The token was not recovered. */
    record Refused(Refusal why) implements Recovered {}

    /** Why a token is not recovered; a closed set, so that the audit can record it. */
    enum Refusal implements Labelled {
        /** Not one of our tokens: not base64url without padding, or without our prefix. */
        MALFORMED,
        /** No key of the keyset file has the id in the token. */
        UNKNOWN_KEY,
        /** The key in the token belongs to another field. */
        OTHER_FIELD,
        /** The key's field is masked by a one-way function: nobody can recover the value. */
        NOT_REVERSIBLE,
        /** The key exists but is disabled or destroyed. */
        KEY_NOT_ENABLED,
        /** Nobody was permitted to open it. */
        NOT_PERMITTED,
        /** The key belongs to this field, but the token was altered or truncated, or has another canonical form. */
        NOT_AUTHENTIC;

        /** Why the id of a key alone rules out opening what it made for {@code field}; null if it does not. */
        public static @Nullable Refusal ofKey(int keyId, String field, Keysets keysets) {
            KeyInfo key = keysets.find(keyId).orElse(null);
            if (key == null) {
                return UNKNOWN_KEY;
            }
            if (!key.field().equals(field)) {
                return OTHER_FIELD;
            }
            return key.status() == KeyInfo.Status.ENABLED ? null : KEY_NOT_ENABLED;
        }
    }
}
