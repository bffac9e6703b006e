package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/** What a text is brought to before it is masked, by {@link CanonicalForm}. Stateless. */
final class Canonical {

    private Canonical() {}

    /** Unpadded UTF-8, or an address's 16 bytes; null when the text is not of the form. */
    static byte @Nullable [] bytes(CanonicalForm form, String clear) {
        return switch (form) {
            case TEXT -> Text.encode(clear);
            case IP -> IpAddress.parse(clear);
        };
    }

    /** The text as it is, or the address's one spelling; in UTF-8, null when the text is not of the form. */
    static byte @Nullable [] textBytes(CanonicalForm form, String clear) {
        return switch (form) {
            case TEXT -> Text.encode(clear);
            case IP -> {
                byte[] address = IpAddress.parse(clear);
                yield address == null ? null : Text.encode(IpAddress.format(address));
            }
        };
    }
}
