package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Takes a database URL apart, as libpq's and pgjdbc's manuals describe theirs: {@code postgresql://user:password@host:port/db?sslmode=..}
 * and {@code jdbc:postgresql://host:port/db?user=..&password=..}. Own code instead of {@link java.net.URI}, whose
 * exceptions quote what they were given. Stateless.
 */
final class DatabaseUrl {

    private static final String JDBC = "jdbc:postgresql://";
    private static final Set<String> PARAMETERS = Set.of("user", "password", "sslmode", "sslrootcert");

    private DatabaseUrl() {}

    /**
     * The parts that the URL names, under {@code host, port, database, user, password, sslmode, sslrootcert}, decoded.
     *
     * @throws InfrastructureException CONFIG, with the expected shape and nothing of the URL
     */
    static Map<String, String> parse(String url) {
        boolean jdbc = url.startsWith(JDBC);
        int question = url.indexOf('?');
        String address = afterScheme(question < 0 ? url : url.substring(0, question));
        Map<String, String> parts = new HashMap<>();
        int slash = address.indexOf('/');
        if (slash >= 0) {
            put(parts, "database", decode(address.substring(slash + 1), jdbc));
        }
        authority(slash < 0 ? address : address.substring(0, slash), jdbc, parts);
        if (question >= 0) {
            parameters(url.substring(question + 1), jdbc, parts);
        }
        return parts;
    }

    private static String afterScheme(String url) {
        for (String scheme : new String[] {JDBC, "postgresql://", "postgres://"}) {
            if (url.startsWith(scheme)) {
                return url.substring(scheme.length());
            }
        }
        throw malformed("it begins with neither scheme");
    }

    // The last '@' ends the password: one that was not encoded by mistake still leaves the host alone.
    private static void authority(String authority, boolean jdbc, Map<String, String> parts) {
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String userInfo = authority.substring(0, at);
            int colon = userInfo.indexOf(':');
            put(parts, "user", decode(colon < 0 ? userInfo : userInfo.substring(0, colon), jdbc));
            put(parts, "password", colon < 0 ? "" : decode(userInfo.substring(colon + 1), jdbc));
        }
        hostAndPort(authority.substring(at + 1), jdbc, parts);
    }

    private static void hostAndPort(String text, boolean jdbc, Map<String, String> parts) {
        int bracket = text.indexOf(']');
        boolean literal = text.startsWith("[");
        if (literal != bracket > 0) {
            throw malformed("the brackets of its IPv6 host do not match");
        }
        String tail = literal ? text.substring(bracket + 1) : text;
        int colon = tail.indexOf(':');
        if (literal && colon != 0 && !tail.isEmpty()) {
            throw malformed("something other than a port follows its host");
        }
        String host = colon < 0 ? tail : tail.substring(0, colon);
        put(parts, "host", literal ? text.substring(1, bracket) : decode(host, jdbc));
        put(parts, "port", colon < 0 ? "" : tail.substring(colon + 1));
    }

    private static void parameters(String query, boolean jdbc, Map<String, String> parts) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? "" : parameter.substring(0, equals);
            if (!PARAMETERS.contains(name)) {
                // Not named: behind an '&' that was not encoded it would be a piece of the password.
                throw malformed("it has a parameter other than user, password, sslmode, sslrootcert");
            }
            put(parts, name, decode(parameter.substring(equals + 1), jdbc));
        }
    }

    private static void put(Map<String, String> parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.put(name, value);
        }
    }

    // pgjdbc reads '+' as a space, libpq as itself; each URL means what it means to its own driver.
    private static String decode(String text, boolean jdbc) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (i + 2 >= text.length()
                    || !HexFormat.isHexDigit(text.charAt(i + 1))
                    || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                throw malformed("a % in it is not followed by two hexadecimal digits (write a % itself as %25)");
            }
        }
        return URLDecoder.decode(jdbc ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static InfrastructureException malformed(String fault) {
        return new InfrastructureException(
                Kind.CONFIG,
                "SLUICE_DATABASE_URL is not of the expected shape: " + fault
                        + ". Expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE or"
                        + " jdbc:postgresql://HOST:PORT/DATABASE?user=USER&password=PASSWORD&sslmode=MODE,"
                        + " special characters percent-encoded");
    }
}
