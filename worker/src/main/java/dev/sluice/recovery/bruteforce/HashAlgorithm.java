package dev.sluice.recovery.bruteforce;

import dev.sluice.encoding.Digests;
import java.security.MessageDigest;

/** Plain hashes that are mistaken for masks. */
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

    /** One for a thread's own use. The JDK's: an intrinsic that uses the processor's SHA instructions. */
    MessageDigest digest() {
        return Digests.named(label);
    }
}
