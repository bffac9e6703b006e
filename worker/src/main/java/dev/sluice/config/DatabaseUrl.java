package dev.sluice.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits a database URL into settings, as the manuals of libpq and pgjdbc describe theirs:
 * {@code postgresql://user:password@host:port/db?sslmode=..} and {@code jdbc:postgresql://host:port/db?user=..&password=..}.
 * Does not use {@link java.net.URI}, whose exceptions quote their input. Stateless.
 */
final class DatabaseUrl {

    /** The last '@' ends the password, so that a literal one in it does not become part of the host. */
    private static final Pattern URL = Pattern.compile("((?<jdbc>jdbc:postgresql)|postgres(ql)?)://"
            + "((?<user>[^:/?]*)(:(?<password>[^/?]*))?@)?"
            + "(\\[(?<literal>[^]@/?]*)]|(?<host>[^]\\[:@/?]*))(:(?<port>[^@/?]*))?"
            + "(/(?<name>[^?]*))?(\\?(?<query>.*))?");

    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9a-fA-F]{2})");

    private static final Map<String, Setting> PARAMETERS = Map.of(
            "user", Setting.DATABASE_USER,
            "password", Setting.DATABASE_PASSWORD,
            "sslmode", Setting.DATABASE_SSL_MODE,
            "sslrootcert", Setting.DATABASE_SSL_ROOT_CERT);

    private final Map<Setting, String> parts = new EnumMap<>(Setting.class);
    private final boolean jdbc;

    private DatabaseUrl(boolean jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The settings that the URL contains, decoded.
     *
     * @throws SettingsException with the expected shape and nothing of the URL; neither names the setting nor ends with a
     *     full stop
     */
    static Map<Setting, String> parse(String text) {
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw malformed("its scheme, host or port differs");
        }
        DatabaseUrl url = new DatabaseUrl(matcher.group("jdbc") != null);
        url.put(Setting.DATABASE_NAME, url.decode(matcher.group("name")));
        url.put(Setting.DATABASE_USER, url.decode(matcher.group("user")));
        url.put(Setting.DATABASE_PASSWORD, url.decode(matcher.group("password")));
        url.put(Setting.DATABASE_HOST, url.decode(matcher.group("host")));
        url.put(Setting.DATABASE_HOST, matcher.group("literal"));
        url.put(Setting.DATABASE_PORT, matcher.group("port"));
        String query = matcher.group("query");
        if (query != null) {
            url.parameters(query);
        }
        return url.parts;
    }

    private void parameters(String query) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            Setting part = equals < 0 ? null : PARAMETERS.get(parameter.substring(0, equals));
            if (part == null) {
                // Not named: behind an '&' that was not encoded it would be a piece of the password.
                throw malformed("it has a parameter other than user, password, sslmode, sslrootcert");
            }
            put(part, decode(parameter.substring(equals + 1)));
        }
    }

    private void put(Setting part, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            parts.put(part, text);
        }
    }

    // pgjdbc reads '+' as a space, libpq as itself; each URL means what it means to its own driver.
    private @Nullable String decode(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (STRAY_PERCENT.matcher(text).find()) {
            throw malformed("a % in it is not followed by two hexadecimal digits (write a literal % as %25)");
        }
        return URLDecoder.decode(jdbc ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static SettingsException malformed(String fault) {
        return new SettingsException(List.of("postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE or"
                + " jdbc:postgresql://HOST:PORT/DATABASE?user=USER&password=PASSWORD&sslmode=MODE, special"
                + " characters percent-encoded, was expected; " + fault));
    }
}
