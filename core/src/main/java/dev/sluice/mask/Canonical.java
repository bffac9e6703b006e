package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/** Converts a text to its canonical bytes before it is masked, by {@link CanonicalForm}. Stateless. */
final class Canonical {

    private Canonical() {}

    /** Unpadded UTF-8, or an address's 16 bytes; null if the text does not have the form. */
    static byte @Nullable [] bytes(CanonicalForm form, String clear) {
        return switch (form) {
            case TEXT -> Text.encode(clear);
            case IP -> IpAddress.parse(clear);
        };
    }

    /** UTF-8 of the text as it is, or of the address's canonical spelling; null if the text does not have the form. */
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
