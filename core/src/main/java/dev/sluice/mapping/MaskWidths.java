package dev.sluice.mapping;

import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskSpec;

/**
 * How wide a column must be for its mask to fit at all, in characters. Tokens are base64url without padding: 4 characters
 * for 3 bytes, rounded up.
 */
final class MaskWidths {

    /** Tink's prefix (1 byte version, 4 bytes key id), 16 bytes of SIV, 16 bytes of address: 37 bytes. */
    private static final int ADDRESS_TOKEN = 50;

    /** The same 21 bytes around the smallest padded text, 32 bytes: 53 bytes. */
    private static final int SHORT_TEXT_TOKEN = 71;

    /** Tink's prefix and 32 bytes of HMAC: 37 bytes. */
    private static final int KEYED_HASH = 50;

    /** 32 bytes in hexadecimal. */
    private static final int SHA256_HEX = 64;

    /** The longest network: {@code ffff:ffff:ffff::/48}. */
    private static final int NETWORK = 19;

    private MaskWidths() {}

    static int narrowest(MaskSpec spec) {
        return switch (spec.kind()) {
            case DETERMINISTIC_AEAD -> spec.form() == CanonicalForm.IP ? ADDRESS_TOKEN : SHORT_TEXT_TOKEN;
            case KEYED_HASH -> KEYED_HASH;
            case GENERALIZE -> NETWORK;
            case REDACT -> codePoints(spec.replacement() == null ? "" : spec.replacement());
            case SHA256 -> SHA256_HEX;
        };
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }
}
