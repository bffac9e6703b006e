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
    private final byte[][] rendered;

    private Messages(byte[][] rendered) {
        this.rendered = rendered;
    }

    /** Generates as many as the spec says, about a second per million. */
    static Messages generate(QueueSpec spec) {
        SplittableRandom random = new SplittableRandom(spec.seed());
        LoginEvents events = new LoginEvents(random, spec.bodyBytes());
        MessageDigest md5 = md5();
        byte[][] rendered = new byte[spec.messages()][];
        for (int index = 0; index < rendered.length; index++) {
            rendered[index] = render(LoginEvents.uuid(random), md5, events.next());
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

    /** Quotes are all that there is to escape in a login event. */
    private static byte[] render(UUID id, MessageDigest md5, String body) {
        String sum = HEX.formatHex(md5.digest(body.getBytes(StandardCharsets.UTF_8)));
        String text = "\"MessageId\":\"" + id + "\",\"MD5OfBody\":\"" + sum + "\",\"Body\":\""
                + body.replace("\"", "\\\"") + '"';
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException("MD5 is missing from this JVM", everyPlatformHasIt);
        }
    }
}
