package dev.sluice.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Makes bearer tokens, and the lines by which a tokens file knows them. Stateless. */
public final class AccessToken {

    /** 256 bits: nobody guesses one, so that a plain hash of it keeps it secret. */
    private static final int RANDOM_BYTES = 32;

    /** Lets scanners of source code and logs recognize one. */
    private static final String PREFIX = "sluice_";

    /** What a name in the file may be: no blank, which separates, and no {@code #}, which begins a comment. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

    private AccessToken() {}

    /** A new random token. */
    public static String generate() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Whether a name may stand in a tokens file: up to 64 letters, digits and {@code ._@+-}. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The line of a tokens file for a token: {@code name role sha256}. */
    public static String line(String name, Role role, String token) {
        return name + " " + role.label() + " " + HexFormat.of().formatHex(hash(token));
    }

    static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
