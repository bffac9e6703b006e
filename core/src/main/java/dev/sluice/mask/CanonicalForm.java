package dev.sluice.mask;

import dev.sluice.encoding.Labelled;

/** The form a text is converted to before masking, so that one value has one token whatever its spelling. */
public enum CanonicalForm implements Labelled {
    /** The text as it is; Unicode normalisation is not applied. */
    TEXT(false),
    /** An IPv4 or IPv6 address in strict notation; see {@link IpAddress}. */
    IP(true),
    /** An e-mail address, folded as the mask says; see {@link EmailAddress}. */
    EMAIL(false),
    /** A telephone number by E.164, of the mask's region if it has no country code; see {@link PhoneNumber}. */
    PHONE(true),
    /** An EUI-48 or EUI-64; see {@link MacAddress}. */
    MAC(true),
    /** A payment card's number; see {@link CardNumber}. */
    CARD(true);

    private final boolean fixedSize;

    CanonicalForm(boolean fixedSize) {
        this.fixedSize = fixedSize;
    }

    /** Whether all its values are masked as 16 bytes, so that all tokens have one length; otherwise as padded text. */
    boolean fixedSize() {
        return fixedSize;
    }
}
