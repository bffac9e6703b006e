package dev.sluice.mask;

import java.util.Locale;

/** What a text is brought to before it is masked, so that one value has one token whatever its spelling. */
public enum CanonicalForm {
    /** The text as it is; Unicode normalisation is not applied. */
    TEXT,
    /** An IPv4 or IPv6 address, strictly written; the 16 bytes of RFC 4291, IPv4 as {@code ::ffff:a.b.c.d}. */
    IP;

    /** The name in a pipeline file ({@code as: ip}) and in a token's associated data. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
