package dev.sluice.bench.stub;

import java.util.SplittableRandom;
import java.util.UUID;

/** Generates login events as the exercise has them, about 160 bytes with distinct values. Not thread-safe. */
public final class LoginEvents {

    private static final String[] DEVICE_TYPES = {"android", "ios"};
    private static final String[] LOCALES = {
        "\"RU\"", "\"PH\"", "\"US\"", "\"BR\"", "\"TR\"", "\"JP\"", "null", "\"DE\""
    };

    private final SplittableRandom random;
    private final int leastBytes;

    /** @param leastBytes a shorter event is padded by a further field */
    public LoginEvents(SplittableRandom random, int leastBytes) {
        this.random = random;
        this.leastBytes = leastBytes;
    }

    /** A JSON object in ASCII, without backslashes and control characters. */
    public String next() {
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
                .append(digits(3))
                .append('-')
                .append(digits(2))
                .append('-')
                .append(digits(4))
                .append("\"}");
        return padded(body);
    }

    private String padded(StringBuilder body) {
        String member = ", \"note\": \"";
        int missing = leastBytes - body.length() - member.length() - 1;
        if (missing >= 0) {
            body.insert(body.length() - 1, member + "x".repeat(missing) + '"');
        }
        return body.toString();
    }

    private String digits(int count) {
        int bound = (int) Math.pow(10, count);
        return Integer.toString(bound + random.nextInt(bound)).substring(1);
    }

    /** Version 4, as SQS's ids are. */
    static UUID uuid(SplittableRandom random) {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        return new UUID(high, (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L);
    }
}
