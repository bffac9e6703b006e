package dev.sluice.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            + "(\\[(?<literal>[^]@/?]*)]|(?<host>[^]\\[:@/?]*))(:(?<port>[^@/?,]*))?"
            + "(/(?<name>[^?]*))?(\\?(?<query>.*))?");

    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9a-fA-F]{2})");

    /** By query parameter too, libpq takes the parts of the address. */
    private static final Map<String, Setting> PARAMETERS = Map.of(
            "user", Setting.DATABASE_USER,
            "password", Setting.DATABASE_PASSWORD,
            "sslmode", Setting.DATABASE_SSL_MODE,
            "sslrootcert", Setting.DATABASE_SSL_ROOT_CERT,
            "host", Setting.DATABASE_HOST,
            "port", Setting.DATABASE_PORT,
            "dbname", Setting.DATABASE_NAME);

    private static final Pattern LIST_OF_HOSTS = Pattern.compile("[a-z:]+://([^/?]*@)?[^@/?]*,[^@]*");

    private final Map<Setting, String> parts = new EnumMap<>(Setting.class);
    private final Map<DatabaseParameter, String> parameters = new EnumMap<>(DatabaseParameter.class);
    private final boolean jdbc;

    private DatabaseUrl(boolean jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The settings and parameters that the URL contains, decoded.
     *
     * @throws SettingsException with the expected shape and nothing of the URL but names of known parameters; neither names
     *     the setting nor ends with a full stop
     */
    static DatabaseUrl parse(String text) {
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw malformed(
                    LIST_OF_HOSTS.matcher(text).matches()
                            ? "lists of hosts are not supported, name one, the primary"
                            : "its scheme, host or port differs");
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
        return url;
    }

    Map<Setting, String> parts() {
        return parts;
    }

    Map<DatabaseParameter, String> parameters() {
        return parameters;
    }

    private void parameters(String query) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            Setting part = PARAMETERS.get(name);
            Optional<DatabaseParameter> other = DatabaseParameter.named(name, jdbc);
            if (equals >= 0 && part != null) {
                put(part, decode(parameter.substring(equals + 1)));
            } else if (equals >= 0 && other.isPresent()) {
                put(other.get(), name, decode(parameter.substring(equals + 1)));
            } else {
                throw unsupported(name);
            }
        }
    }

    private void put(DatabaseParameter parameter, String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return;
        }
        if (!parameter.type().fits().test(text)) {
            throw new SettingsException(
                    List.of("its parameter " + name + ": " + parameter.type().expected()));
        }
        parameters.put(parameter, text);
    }

    // An unknown name is not repeated: behind an '&' that was not encoded it would be a piece of the password.
    private static SettingsException unsupported(String name) {
        return DatabaseParameter.refusal(name)
                .map(reason -> new SettingsException(List.of("its parameter " + name + " is not supported: " + reason)))
                .orElseGet(
                        () -> malformed("it has an unknown parameter; docs/configuration.md lists those that apply"));
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
