package dev.sluice.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, who connects, and how the connection is protected. What neither the URL nor a single setting says
 * defaults as in libpq: localhost, 5432, the operating system's user, a database of the user's name. TLS defaults to
 * {@code verify-full}; on loopback, or when {@link Setting#INSECURE_DATABASE_TLS} allows it, to {@code prefer}, but never
 * with tokens of RDS: whoever is sent one can use it.
 *
 * @param host a name, or a literal address without brackets
 * @param port 1 to 65535
 * @param user the role that connects
 * @param password null when none is set: the driver then looks in the passfile
 * @param sslMode one of libpq's six modes
 * @param sslRootCertFile the file of trusted certificate authorities; null for the JVM's trust store
 * @param raisesCommit whether sessions that find {@code synchronous_commit} off set it to on
 * @param parameters what else the URL sets, each of the declared shape
 */
public record DatabaseSettings(
        String host,
        int port,
        String database,
        String user,
        @Nullable DatabasePassword password,
        String sslMode,
        @Nullable String sslRootCertFile,
        boolean raisesCommit,
        Map<DatabaseParameter, String> parameters) {

    static final String LOCALHOST = "localhost";
    static final String DEFAULT_PORT = "5432";
    private static final String VERIFIED = "verify-full";

    /** @throws IllegalArgumentException when host or port does not have the declared shape */
    public DatabaseSettings {
        Setting.DATABASE_HOST.require(host);
        Setting.DATABASE_PORT.require(Integer.toString(port));
        parameters = Map.copyOf(parameters);
    }

    /**
     * Makes them of a URL and single settings. The URL comes before the single settings, which are only checked where it
     * leaves them to count.
     *
     * @param settings with the URL's text, if there is one; the password may name a secret
     * @param urlSetting which of the two URLs
     * @param secrets fetches the password when it is first used, or makes tokens
     * @param fetchedUrl fetches the URL again, since its password may have been rotated; null unless AWS keeps the URL
     * @param problems gets what is wrong
     * @return empty when something is wrong
     */
    static Optional<DatabaseSettings> of(
            Map<Setting, SettingValue> settings,
            Setting urlSetting,
            SecretStore secrets,
            @Nullable Supplier<String> fetchedUrl,
            List<String> problems) {
        List<String> found = new ArrayList<>();
        Optional<DatabaseUrl> url = url(settings, urlSetting, found);
        Map<Setting, SettingValue> parts = parts(settings, urlSetting, url);
        for (Setting part : List.of(Setting.DATABASE_HOST, Setting.DATABASE_PORT, Setting.DATABASE_SSL_MODE)) {
            Optional.ofNullable(parts.get(part)).ifPresent(value -> value.check(part, found));
        }
        if (found.isEmpty()) {
            requireVerifiedServer(parts, found);
            DatabaseLogin.requireTokensAlone(parts, found);
        }
        problems.addAll(found);
        return found.isEmpty()
                ? Optional.of(of(
                        parts,
                        url.map(DatabaseUrl::parameters).orElse(Map.of()),
                        DatabaseLogin.password(parts, urlSetting, secrets, fetchedUrl)))
                : Optional.empty();
    }

    private static DatabaseSettings of(
            Map<Setting, SettingValue> parts,
            Map<DatabaseParameter, String> parameters,
            @Nullable DatabasePassword password) {
        String user = DatabaseLogin.user(parts);
        // libpq's word for the machine's trust store; here, the JVM's.
        String rootCert = text(parts, Setting.DATABASE_SSL_ROOT_CERT, "system");
        return new DatabaseSettings(
                text(parts, Setting.DATABASE_HOST, LOCALHOST),
                Integer.parseInt(text(parts, Setting.DATABASE_PORT, DEFAULT_PORT)),
                text(parts, Setting.DATABASE_NAME, user),
                user,
                password,
                text(
                        parts,
                        Setting.DATABASE_SSL_MODE,
                        mayBeWeak(parts) && !DatabaseLogin.usesTokens(parts) ? "prefer" : VERIFIED),
                rootCert.equals("system") ? null : rootCert,
                text(parts, Setting.DATABASE_SYNCHRONOUS_COMMIT, "on").equals("on"),
                parameters);
    }

    private static boolean mayBeWeak(Map<Setting, SettingValue> parts) {
        return Loopback.isThisMachine(text(parts, Setting.DATABASE_HOST, LOCALHOST))
                || text(parts, Setting.INSECURE_DATABASE_TLS, "false").equals("true");
    }

    private static void requireVerifiedServer(Map<Setting, SettingValue> parts, List<String> problems) {
        SettingValue mode = parts.get(Setting.DATABASE_SSL_MODE);
        if (mode != null && !mode.text().equals(VERIFIED) && !mayBeWeak(parts)) {
            problems.add(mode.problem(
                    Setting.DATABASE_SSL_MODE,
                    "verify-full was expected: with " + mode.text() + ", anyone on the network path can impersonate the"
                            + " database. Set database.ssl-root-cert (PGSSLROOTCERT) if its certificate is not publicly"
                            + " trusted, or accept the risk with --insecure-database-tls"));
        }
    }

    private static Optional<DatabaseUrl> url(
            Map<Setting, SettingValue> settings, Setting urlSetting, List<String> problems) {
        SettingValue url = settings.get(urlSetting);
        if (url == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DatabaseUrl.parse(url.text()));
        } catch (SettingsException malformed) {
            boolean isArn = SecretArn.isMeantBy(url.text());
            problems.add(url.problem(urlSetting, isArn ? SecretArn.EXPECTED : malformed.getMessage()));
            return Optional.empty();
        }
    }

    private static Map<Setting, SettingValue> parts(
            Map<Setting, SettingValue> settings, Setting urlSetting, Optional<DatabaseUrl> url) {
        Map<Setting, SettingValue> parts = new EnumMap<>(settings);
        url.ifPresent(parsed -> {
            String origin = ofUrl(urlSetting)
                    + Objects.requireNonNull(settings.get(urlSetting)).origin();
            parsed.parts().forEach((part, text) -> parts.put(part, new SettingValue(text, origin)));
        });
        return parts;
    }

    /** How the origin of what a URL sets begins. */
    static String ofUrl(Setting urlSetting) {
        return urlSetting.key() + " of ";
    }

    static String text(Map<Setting, SettingValue> parts, Setting part, String fallback) {
        SettingValue value = parts.get(part);
        return value == null ? fallback : value.text();
    }

    /** Whether the host is this machine, by name or address. */
    public boolean isLoopback() {
        return Loopback.isThisMachine(host);
    }

    /** Who and where, without the password: {@code user@host:port/database}, an IPv6 address in brackets. */
    public String place() {
        String shownHost = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return user + "@" + shownHost + ":" + port + "/" + database;
    }

    /** Who, where and how, without the password. */
    @Override
    public String toString() {
        return place() + " (sslmode " + sslMode + ")";
    }
}
