package dev.sluice.sqs;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The MD5 checksums by which SQS lets a receiver notice altered text. They protect against faults only. Used by one thread. */
final class Checksums {

    private final MessageDigest md5 = md5();

    /**
     * Compares bytes with their checksum.
     *
     * @param expected as the service gives it, in hexadecimal; null if it gives none
     * @throws IllegalArgumentException if it is missing or another
     */
    void require(@Nullable String expected, byte[] bytes) {
        if (!HexFormat.of().formatHex(md5.digest(bytes)).equals(expected)) {
            throw new IllegalArgumentException("a checksum that does not match");
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }
}
