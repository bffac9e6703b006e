package dev.sluice.mask;

import java.util.Locale;

/** The form a text is converted to before masking, so that one value has one token whatever its spelling. */
public enum CanonicalForm {
    /** The text as it is; Unicode normalisation is not applied. */
    TEXT,
    /** An IPv4 or IPv6 address in strict notation: the 16 bytes of RFC 4291, IPv4 as {@code ::ffff:a.b.c.d}. */
    IP;

    /** The name in a pipeline file ({@code as: ip}) and in a token's associated data. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
