package dev.sluice.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a setting's value. Immutable.
 *
 * @param label the value's name in a command line's help; null for a flag without a value, which means {@code true}
 * @param expected the shape in words: "... was expected"
 * @param fits whether a text has the shape; called with any text
 */
record ValueType(@Nullable String label, String expected, Predicate<String> fits) {

    /** {@code true} or {@code false}. */
    static final ValueType BOOLEAN = choice(null, "false", "true");

    /** {@code true} or {@code false} in any case (OpenTelemetry specification, boolean values). */
    static final ValueType ANY_CASE_BOOLEAN = new ValueType(
            null,
            "true or false was expected",
            text -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"));

    /** A part of all. */
    static final ValueType RATIO = new ValueType(
            "RATIO", "a number from 0 to 1 was expected", text -> text.matches("0?\\.[0-9]{1,9}|0|1|1\\.0{1,9}"));

    /** An endpoint: scheme http or https, and a host. */
    static final ValueType HTTP_URL =
            new ValueType("URL", "a URL as http://host:port was expected", ValueType::isHttpUrl);

    /** An endpoint that carries no credentials: it is shown, and logged. */
    static final ValueType OPEN_HTTP_URL = new ValueType(
            "URL",
            "a URL as http://host:port, without user, query or fragment, was expected",
            text -> isHttpUrl(text) && text.indexOf('@') < 0 && text.indexOf('?') < 0 && text.indexOf('#') < 0);

    /** One host that TCP reaches. libpq would take a list, and a socket's folder (/) or abstract name (@). */
    static final ValueType HOST = new ValueType(
            "HOST",
            "one host name or address, such as localhost, was expected; lists of hosts and socket folders are not supported",
            text -> text.indexOf(',') < 0 && !text.startsWith("/") && !text.startsWith("@"));

    /** A TCP port to listen on. */
    static final ValueType PORT = new ValueType(
            "PORT",
            "a port from 1 to 65535, 0 or off was expected",
            text -> text.equals("off") || (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535));

    /** A header's name (RFC 9110, 5.1: a token). */
    static final ValueType HEADER = new ValueType(
            "NAME",
            "the name of an HTTP header, such as X-Forwarded-User, was expected",
            text -> text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+"));

    /** Any text; its meaning is checked where it is used. */
    static ValueType text(String label) {
        return new ValueType(label, "", text -> true);
    }

    /** A whole number in ASCII digits, between bounds that are included. */
    static ValueType number(int min, int max) {
        return new ValueType(
                "N",
                "a whole number from " + min + " to " + max + " was expected",
                text -> text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= min && Integer.parseInt(text) <= max);
    }

    /** One of these words, in lower case. */
    static ValueType choice(@Nullable String label, String... words) {
        List<String> all = List.of(words);
        return new ValueType(label, "one of " + all + " was expected", all::contains);
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
