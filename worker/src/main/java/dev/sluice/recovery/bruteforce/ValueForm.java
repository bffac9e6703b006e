package dev.sluice.recovery.bruteforce;

import dev.sluice.mask.Tokens;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a stored value looks like, whatever it really is: 64 hex digits may be anything. */
enum ValueForm {
    TOKEN("Sluice token"),
    MD5("MD5 by its form", HashAlgorithm.MD5),
    SHA1("SHA-1 by its form", HashAlgorithm.SHA1),
    SHA256("SHA-256 by its form", HashAlgorithm.SHA256),
    SHA512("SHA-512 by its form", HashAlgorithm.SHA512),
    IPV4("IPv4 address in clear", true),
    IPV6("IPv6 address in clear", true),
    EMAIL("e-mail address in clear", true),
    NUMBER("ddd-dd-dddd in clear", true),
    OTHER("other text");

    private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})+");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
    private static final Pattern V4 = Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?");
    /** With a double colon, or all eight groups: times and hardware addresses have colons too. */
    private static final Pattern V6 =
            Pattern.compile("(?=.*::|(?:[^:]+:){7}[^:]+$)[0-9a-fA-F:.]{2,45}(?:/[0-9]{1,3})?");

    private static final Pattern MAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,250}\\.[A-Za-z]{2,}");
    private static final Pattern NINE_DIGITS = Pattern.compile("[0-9]{3}-[0-9]{2}-[0-9]{4}");

    private final String label;
    private final @Nullable HashAlgorithm algorithm;
    private final boolean clear;

    ValueForm(String label) {
        this(label, null, false);
    }

    ValueForm(String label, HashAlgorithm algorithm) {
        this(label, algorithm, false);
    }

    ValueForm(String label, boolean clear) {
        this(label, null, clear);
    }

    ValueForm(String label, @Nullable HashAlgorithm algorithm, boolean clear) {
        this.label = label;
        this.algorithm = algorithm;
        this.clear = clear;
    }

    /** What a value looks like. */
    static ValueForm of(String value) {
        if (value.length() >= Tokens.MIN_LENGTH && Tokens.keyId(value).isPresent()) {
            return TOKEN;
        }
        if (V4.matcher(value).matches()) {
            return IPV4;
        }
        if (NINE_DIGITS.matcher(value).matches()) {
            return NUMBER;
        }
        if (V6.matcher(value).matches()) {
            return IPV6;
        }
        if (MAIL.matcher(value).matches()) {
            return EMAIL;
        }
        byte[] hash = hash(value);
        return hash == null ? OTHER : ofLength(hash.length);
    }

    /** The bytes of a value that may be a hash, by hex or base64 of one's length; null for any other. */
    static byte @Nullable [] hash(String value) {
        byte[] hex = HEX.matcher(value).matches() ? HexFormat.of().parseHex(value) : null;
        if (hex != null && ofLength(hex.length) != OTHER) {
            return hex;
        }
        byte[] base64 = BASE64.matcher(value).matches() ? base64(value) : null;
        return base64 != null && ofLength(base64.length) != OTHER ? base64 : null;
    }

    private static byte @Nullable [] base64(String value) {
        try {
            return Base64.getDecoder().decode(value.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException wrongLength) {
            return null;
        }
    }

    private static ValueForm ofLength(int bytes) {
        for (ValueForm form : values()) {
            if (form.algorithm != null && form.algorithm.bytes() == bytes) {
                return form;
            }
        }
        return OTHER;
    }

    /** For people. */
    String label() {
        return label;
    }

    /** Whether anyone can read it. */
    boolean isClear() {
        return clear;
    }

    /** The hash that may have produced it; null for none. */
    @Nullable
    HashAlgorithm algorithm() {
        return algorithm;
    }
}
