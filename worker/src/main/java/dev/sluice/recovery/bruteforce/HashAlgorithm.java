package dev.sluice.recovery.bruteforce;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Plain hashes that people take for masks. */
enum HashAlgorithm {
    MD5("MD5", 16),
    SHA1("SHA-1", 20),
    SHA256("SHA-256", 32),
    SHA512("SHA-512", 64);

    private final String label;
    private final int bytes;

    HashAlgorithm(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The standard's and the JCA's name. */
    String label() {
        return label;
    }

    /** The length of a hash. */
    int bytes() {
        return bytes;
    }

    /**
     * One for a thread's own use. The JDK's: its compression is an intrinsic that uses the processor's SHA instructions.
     */
    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(label);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("the JDK has " + label);
        }
    }
}
