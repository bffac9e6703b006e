package dev.sluice.bench.stub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The messages of a queue, rendered before the clock starts: login events with distinct values. Each is one array, the
 * members {@code MessageId}, {@code MD5OfBody} and {@code Body} of its JSON object. Immutable.
 */
final class Messages {

    private static final HexFormat HEX = HexFormat.of();
    private static final String[] DEVICE_TYPES = {"android", "ios"};
    private static final String[] LOCALES = {
        "\"RU\"", "\"PH\"", "\"US\"", "\"BR\"", "\"TR\"", "\"JP\"", "null", "\"DE\""
    };

    private final byte[][] rendered;

    private Messages(byte[][] rendered) {
        this.rendered = rendered;
    }

    /** Generates as many as the spec says, about a second per million. */
    static Messages generate(QueueSpec spec) {
        SplittableRandom random = new SplittableRandom(spec.seed());
        MessageDigest md5 = md5();
        byte[][] rendered = new byte[spec.messages()][];
        for (int index = 0; index < rendered.length; index++) {
            String body = body(random, spec.bodyBytes());
            rendered[index] = render(uuid(random), md5, body);
        }
        return new Messages(rendered);
    }

    int count() {
        return rendered.length;
    }

    /** Begins with the first member's name and ends with the last member's value: no braces. */
    byte[] members(int index) {
        return rendered[index];
    }

    private static byte[] render(UUID id, MessageDigest md5, String body) {
        String sum = HEX.formatHex(md5.digest(body.getBytes(StandardCharsets.UTF_8)));
        String text = "\"MessageId\":\"" + id + "\",\"MD5OfBody\":\"" + sum + "\",\"Body\":\""
                + body.replace("\"", "\\\"") + '"';
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A login event; ASCII without backslashes and control characters, so quotes are all there is to escape. */
    static String body(SplittableRandom random, int leastBytes) {
        StringBuilder body = new StringBuilder(192)
                .append("{\"user_id\": \"")
                .append(uuid(random))
                .append("\", \"app_version\": \"")
                .append(random.nextInt(5))
                .append('.')
                .append(random.nextInt(10))
                .append('.')
                .append(random.nextInt(10))
                .append("\", \"device_type\": \"")
                .append(DEVICE_TYPES[random.nextInt(DEVICE_TYPES.length)])
                .append("\", \"ip\": \"")
                .append(random.nextInt(1, 255));
        for (int octet = 0; octet < 3; octet++) {
            body.append('.').append(random.nextInt(256));
        }
        body.append("\", \"locale\": ")
                .append(LOCALES[random.nextInt(LOCALES.length)])
                .append(", \"device_id\": \"")
                .append(digits(random, 3))
                .append('-')
                .append(digits(random, 2))
                .append('-')
                .append(digits(random, 4))
                .append("\"}");
        return padded(body, leastBytes);
    }

    private static String padded(StringBuilder body, int leastBytes) {
        String member = ", \"note\": \"";
        int missing = leastBytes - body.length() - member.length() - 1;
        if (missing >= 0) {
            body.insert(body.length() - 1, member + "x".repeat(missing) + '"');
        }
        return body.toString();
    }

    private static String digits(SplittableRandom random, int count) {
        int bound = (int) Math.pow(10, count);
        return Integer.toString(bound + random.nextInt(bound)).substring(1);
    }

    /** Version 4, as SQS's ids are. */
    private static UUID uuid(SplittableRandom random) {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        return new UUID(high, (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException("MD5 is missing from this JVM", everyPlatformHasIt);
        }
    }
}
