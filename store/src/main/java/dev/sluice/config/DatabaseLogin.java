package dev.sluice.config;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How {@link DatabaseSettings} log in: with a password of a setting, one that AWS keeps, or tokens of RDS, which are
 * never combined. Stateless.
 */
final class DatabaseLogin {

    /** The modes in which a server must prove that it is RDS before it gets a token. */
    private static final Set<String> PROVEN = Set.of("verify-ca", "verify-full");

    private DatabaseLogin() {}

    /** The role that connects. */
    static String user(Map<Setting, SettingValue> parts) {
        return DatabaseSettings.text(parts, Setting.DATABASE_USER, System.getProperty("user.name", "postgres"));
    }

    /**
     * @param fetchedUrl fetches the URL again; null unless AWS keeps it
     * @return null when none is set
     */
    static @Nullable DatabasePassword password(
            Map<Setting, SettingValue> parts,
            Setting urlSetting,
            SecretStore secrets,
            @Nullable Supplier<String> fetchedUrl) {
        if (usesTokens(parts)) {
            String host = DatabaseSettings.text(parts, Setting.DATABASE_HOST, DatabaseSettings.LOCALHOST);
            int port = Integer.parseInt(
                    DatabaseSettings.text(parts, Setting.DATABASE_PORT, DatabaseSettings.DEFAULT_PORT));
            SettingValue region = parts.get(Setting.REGION);
            return (DatabasePassword.Token)
                    () -> secrets.databaseToken(host, port, user(parts), region == null ? null : region.text());
        }
        SettingValue password = parts.get(Setting.DATABASE_PASSWORD);
        if (password == null) {
            return null;
        }
        if (fetchedUrl != null && password.origin().startsWith(DatabaseSettings.ofUrl(urlSetting))) {
            return new FetchedPassword(passwordOf(urlSetting, fetchedUrl), InstantSource.system())
                    .knowing(password.text());
        }
        return password.arn()
                .<DatabasePassword>map(arn -> new FetchedPassword(
                        () -> secrets.fetch(Setting.DATABASE_PASSWORD, arn), InstantSource.system()))
                .orElseGet(() -> DatabasePassword.of(password.text()));
    }

    /** @throws SettingsException when the URL is not one any more, or has lost its password */
    private static Supplier<String> passwordOf(Setting setting, Supplier<String> url) {
        return () -> Optional.ofNullable(DatabaseUrl.parse(url.get()).parts().get(Setting.DATABASE_PASSWORD))
                .orElseThrow(
                        () -> new SettingsException(List.of(setting.key() + ": the secret has no password any more.")));
    }

    static boolean usesTokens(Map<Setting, SettingValue> parts) {
        return DatabaseSettings.text(parts, Setting.DATABASE_IAM_AUTH, "false").equals("true");
    }

    /**
     * RDS accepts a token or a password for a user, not both; and a token is worth a password for 15 minutes.
     *
     * @param problems gets what is wrong
     */
    static void requireTokensAlone(Map<Setting, SettingValue> parts, List<String> problems) {
        SettingValue tokens = parts.get(Setting.DATABASE_IAM_AUTH);
        if (tokens == null || !usesTokens(parts)) {
            return;
        }
        SettingValue password = parts.get(Setting.DATABASE_PASSWORD);
        if (password != null) {
            problems.add(tokens.problem(
                    Setting.DATABASE_IAM_AUTH,
                    "no password was expected, and one is set (" + password.origin() + "); remove one of the two"));
        }
        SettingValue mode = parts.get(Setting.DATABASE_SSL_MODE);
        if (mode != null && !PROVEN.contains(mode.text())) {
            problems.add(mode.problem(
                    Setting.DATABASE_SSL_MODE,
                    "verify-full or verify-ca was expected with database.iam-auth: anyone who receives a token can log in"
                            + " with it. Set database.ssl-root-cert (PGSSLROOTCERT) to Amazon's bundle"));
        }
    }
}
