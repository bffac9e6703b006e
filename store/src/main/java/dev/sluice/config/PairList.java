package dev.sluice.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code key=value,key=value}, the values percent-encoded: the form of headers and resource attributes (OpenTelemetry
 * specification, "OpenTelemetry Protocol Exporter", after W3C Baggage). Stateless.
 */
final class PairList {

    private PairList() {}

    /**
     * @return in order; the last value of a key counts
     * @throws IllegalArgumentException when a pair has no key or no equals sign, or an escape is malformed; without a message
     */
    static Map<String, String> parse(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            if (!pair.isBlank()) {
                int equals = pair.indexOf('=');
                if (equals < 0 || pair.substring(0, equals).isBlank()) {
                    throw new IllegalArgumentException();
                }
                pairs.put(
                        pair.substring(0, equals).strip(),
                        decode(pair.substring(equals + 1).strip()));
            }
        }
        return pairs;
    }

    /** A plus sign is a plus sign: base64 has them. */
    private static String decode(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(); // its message quotes the value
        }
    }
}
