package dev.sluice.encoding;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The JDK's digests. Stateless. */
public final class Digests {

    private Digests() {}

    /** SHA-256 (FIPS 180-4): 32 bytes. */
    public static byte[] sha256(byte[] bytes) {
        return named("SHA-256").digest(bytes);
    }

    /**
     * A digest for one thread.
     *
     * @param algorithm the JCA's name of one that every JDK has
     */
    public static MessageDigest named(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + algorithm);
        }
    }
}
