package dev.sluice.mask;

import dev.sluice.encoding.Labelled;
import org.jspecify.annotations.Nullable;

/** The form a text is converted to before masking, so that one value has one token whatever its spelling. */
public enum CanonicalForm implements Labelled {
    /** The text as it is; Unicode normalisation is not applied. */
    TEXT,
    /** An IPv4 or IPv6 address in strict notation: the 16 bytes of RFC 4291, IPv4 as {@code ::ffff:a.b.c.d}. */
    IP;

    /** Unpadded UTF-8, or an address's 16 bytes; null if the text does not have the form. */
    byte @Nullable [] bytes(String clear) {
        return switch (this) {
            case TEXT -> Text.encode(clear);
            case IP -> IpAddress.parse(clear);
        };
    }

    /** The text as it is, or the address's canonical spelling, in UTF-8; null if the text does not have the form. */
    byte @Nullable [] textBytes(String clear) {
        byte[] bytes = bytes(clear);
        return this == TEXT || bytes == null ? bytes : Text.encode(IpAddress.format(bytes));
    }
}
