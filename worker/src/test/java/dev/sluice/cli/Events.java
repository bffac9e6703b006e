package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Login events, as the exercise has them. */
final class Events {

    /** The one of the sample queue that is none. */
    static final String BAD = "{\"foo\": \"oops_wrong_msg_type\", \"bar\": \"123\"}";

    private Events() {}

    static String login(String user, String ip, String deviceId) {
        return "{\"user_id\":\"" + user + "\",\"app_version\":\"2.3.0\",\"device_type\":\"android\",\"ip\":\"" + ip
                + "\",\"locale\":\"RU\",\"device_id\":\"" + deviceId + "\"}";
    }

    /** Distinct ones of user-1 to user-n, with addresses set aside for benchmarks (RFC 2544). */
    static List<String> logins(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> login("user-" + i, "198.18." + i / 250 + "." + i % 250, "111-22-" + (3_000 + i)))
                .toList();
    }

    /** The sample queue's 100 messages, one of them bad. */
    static List<String> sample() {
        return resource("login-queue.ndjson");
    }

    /** The published rows of the sample's first ten events, as CSV with a heading. */
    static List<String> published() {
        return resource("expected-sha256.csv");
    }

    private static List<String> resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Events.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
