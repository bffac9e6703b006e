package dev.sluice.mask;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#SHA256}: lower-case hex of SHA-256 (FIPS 180-4) over the UTF-8 of the text as given, or of the
 * address's canonical text. No protection for small domains: all of IPv4 is tried in minutes. Stateless.
 */
final class Sha256Mask implements Mask {

    /** Two digits for each of 32 bytes. */
    static final int TEXT_LENGTH = 64;

    private final CanonicalForm form;

    Sha256Mask(CanonicalForm form) {
        this.form = form;
    }

    @Override
    public @Nullable String mask(String clear) {
        byte[] text = Canonical.textBytes(form, clear);
        return text == null ? null : HexFormat.of().formatHex(sha256().digest(text));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256");
        }
    }
}
