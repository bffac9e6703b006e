package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

    private static final String OS_USER = System.getProperty("user.name");

    @Test
    void defaultsAreThoseOfLibpq() {
        assertThat(read(Map.of("PGHOST", "")))
                .isEqualTo(new DatabaseSettings(
                        "localhost", 5432, OS_USER, OS_USER, null, "prefer", null, true, Map.of()));
    }

    @Test
    void everySettingIsMapped() {
        assertThat(read(Map.of(
                        "PGHOST", "db.example",
                        "PGPORT", "6432",
                        "PGDATABASE", "logins",
                        "PGUSER", "u",
                        "PGPASSWORD", "hunter2",
                        "PGSSLMODE", "require",
                        "PGSSLROOTCERT", "ca.pem",
                        "SLUICE_INSECURE_DATABASE_TLS", "true",
                        "SLUICE_DATABASE_SYNCHRONOUS_COMMIT", "as-found")))
                .isEqualTo(new DatabaseSettings(
                        "db.example", 6432, "logins", "u", "hunter2", "require", "ca.pem", false, Map.of()));
    }

    @Test
    void consoleHasAnAddressOfItsOwnUnderTheSameRulesForTls() {
        Settings settings = SettingsReader.read(
                Map.of(),
                null,
                Map.of(
                        "SLUICE_DATABASE_URL", "postgresql://worker@db.example/logins",
                        "SLUICE_CONSOLE_DATABASE_URL", "postgresql://console@db.example/logins",
                        "PGSSLROOTCERT", "ca.pem"));

        assertThat(settings.database().toString()).isEqualTo("worker@db.example:5432/logins (sslmode verify-full)");
        assertThat(settings.consoleDatabase().toString())
                .isEqualTo("console@db.example:5432/logins (sslmode verify-full)");
        assertThat(settings.consoleDatabase().sslRootCertFile()).isEqualTo("ca.pem");
    }

    @Test
    void consoleUsesTheWorkersAddressWithoutOneOfItsOwn() {
        Settings settings = SettingsReader.read(
                Map.of(), null, Map.of("SLUICE_DATABASE_URL", "postgresql://worker@db.example/logins"));

        assertThat(settings.consoleDatabase()).isEqualTo(settings.database());
    }

    @Test
    void consoleUrlThatIsMalformedIsNamedAndNotShown() {
        Settings settings = SettingsReader.read(
                Map.of(),
                null,
                Map.of(
                        "SLUICE_DATABASE_URL", "postgresql://worker@db.example/logins",
                        "SLUICE_CONSOLE_DATABASE_URL", "hunter2"));

        assertThatThrownBy(settings::consoleDatabase)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("console.database-url (environment SLUICE_CONSOLE_DATABASE_URL)")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void everyPartOfTheUrlComesBeforeTheSingleSettings() {
        assertThat(read(Map.of(
                        "SLUICE_DATABASE_URL",
                        "postgresql://u:hunter2@db.example:6432/logins?sslmode=verify-full&sslrootcert=ca.pem",
                        "PGHOST",
                        "/run/postgresql",
                        "PGPORT",
                        "none",
                        "PGDATABASE",
                        "other",
                        "PGUSER",
                        "other",
                        "PGPASSWORD",
                        "other",
                        "PGSSLMODE",
                        "other",
                        "PGSSLROOTCERT",
                        "other")))
                .isEqualTo(new DatabaseSettings(
                        "db.example", 6432, "logins", "u", "hunter2", "verify-full", "ca.pem", true, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "postgresql://u:p%40s%3As%25@db.example:6432/logins, u, p@s:s%, db.example, 6432, logins",
                "postgres://u:p@s:w@db.example/logins, u, p@s:w, db.example, 5432, logins",
                "postgresql://u:a+b@[2001:db8::1]:6432/x, u, a+b, 2001:db8::1, 6432, x",
                "postgresql://u:p@[fe80::1%eth0]/x, u, p, fe80::1%eth0, 5432, x",
                "postgresql://a@b@db.example/x, a@b, , db.example, 5432, x",
                "postgresql://u@db.example, u, , db.example, 5432, u",
                "postgresql:///x, , , localhost, 5432, x",
                "jdbc:postgresql://db.example:6432/x?user=u&password=p%26q, u, p&q, db.example, 6432, x",
                "jdbc:postgresql://db.example/x?user=u&password=a+b, u, a b, db.example, 5432, x",
            })
    void readsUrl(
            String url, @Nullable String user, @Nullable String password, String host, int port, String database) {
        DatabaseSettings settings = TestSettings.database(url);

        assertThat(settings.user()).isEqualTo(user == null ? OS_USER : user);
        assertThat(settings.password()).isEqualTo(password);
        assertThat(settings.host()).isEqualTo(host);
        assertThat(settings.port()).isEqualTo(port);
        assertThat(settings.database()).isEqualTo(database);
    }

    @Test
    void singleSettingsFillInWhatTheUrlLacks() {
        DatabaseSettings settings = read(Map.of(
                "SLUICE_DATABASE_URL", "postgresql://u@db.example/x",
                "PGPORT", "6432",
                "PGPASSWORD", "hunter2"));

        assertThat(settings.host()).isEqualTo("db.example");
        assertThat(settings.port()).isEqualTo(6432);
        assertThat(settings.password()).isEqualTo("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, , false, prefer",
        "LOCALHOST, , false, prefer",
        "127.8.9.1, , false, prefer",
        "::1, disable, false, disable",
        "db.example, , false, verify-full",
        "db.example, verify-full, false, verify-full",
        "db.example, , true, prefer",
        "db.example, require, true, require",
        "127.example.com, , false, verify-full",
    })
    void verifiesServerUnlessOnLoopbackOrAllowed(
            String host, @Nullable String mode, String insecureTls, String expected) {
        Map<String, String> environment = Map.of(
                "PGHOST", host, "PGSSLMODE", mode == null ? "" : mode, "SLUICE_INSECURE_DATABASE_TLS", insecureTls);

        assertThat(read(environment).sslMode()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca"})
    void refusesWeakTlsAndNamesTheFlag(String mode) {
        assertRefused(
                Map.of("PGHOST", "db.example", "PGSSLMODE", mode),
                "database.ssl-mode (environment PGSSLMODE): verify-full was expected",
                "--insecure-database-tls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/var/run/postgresql", "@socket", "a.example,b.example"})
    void refusesHostsItCannotReach(String host) {
        assertRefused(Map.of("PGHOST", host), "database.host (environment PGHOST): one host name or address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "hunter2", "-1", "9999999"})
    void refusesPortsOutOfBounds(String port) {
        assertRefused(
                Map.of("PGPORT", port),
                "database.port (environment PGPORT): a whole number from 1 to 65535 was expected.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "mysql://u:hunter2@h/x",
                "postgresql://u:hunter2%@h/x",
                "postgresql://u:hunter2%zz@h/x",
                "postgresql://u:a/hunter2@h/x",
                "postgresql://u@h:hunter2/x",
                "postgresql://u@[hunter2/x",
                "postgresql://u@[::1]hunter2/x",
                "postgresql://u@h/x?hunter2",
                "jdbc:postgresql://h/x?user=u&password=a&hunter2=b",
                "jdbc:postgresql:hunter2",
                "postgresql://u:hunter2@a,b/x",
                "postgresql://u:hunter2@h/x?sslmode=hunter2",
            })
    void refusesMalformedUrlWithoutShowingIt(String url) {
        assertRefused(Map.of("SLUICE_DATABASE_URL", url), "environment SLUICE_DATABASE_URL): ");
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://h/x?application_name=etl, APPLICATION_NAME, etl",
        "jdbc:postgresql://h/x?ApplicationName=etl, APPLICATION_NAME, etl",
        "postgresql://h/x?sslmode=verify-full&channel_binding=require, CHANNEL_BINDING, require",
        "postgresql://h/x?options=endpoint%3Dep-cool-darkness, OPTIONS, endpoint=ep-cool-darkness",
        "postgresql://h/x?connect_timeout=10, CONNECT_TIMEOUT, 10",
        "postgresql://h/x?keepalives=0, KEEPALIVES, 0",
        "postgresql://h/x?target_session_attrs=read-write, TARGET_SESSION, read-write",
        "postgresql://h/x?sslnegotiation=direct, TLS_NEGOTIATION, direct",
        "postgresql://h/x?gssencmode=disable, GSS_ENCRYPTION, disable",
    })
    void acceptsParametersThatManagedDatabasesPrint(String url, DatabaseParameter parameter, String value) {
        assertThat(TestSettings.database(url).parameters()).containsEntry(parameter, value);
    }

    @Test
    void takesTheAddressFromParametersAsLibpqDoes() {
        assertThat(TestSettings.database("postgresql:///?host=db.example&port=6432&dbname=x&user=u&password=p")
                        .place())
                .isEqualTo("u@db.example:6432/x");
        assertRefused(
                Map.of("SLUICE_DATABASE_URL", "postgresql://u:hunter2@/x?host=/cloudsql/project:region:instance"),
                "one host name or address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pgbouncer=true",
                "connection_limit=1",
                "supa=base-pooler.x",
                "sslcert=client.crt",
                "sslkey=client.key",
                "keepalives_idle=30",
                "passfile=/x",
                "currentSchema=shop",
                "service=shop",
            })
    void refusesOtherKnownParametersByNameWithTheReason(String parameter) {
        String name = parameter.substring(0, parameter.indexOf('='));

        assertRefused(
                Map.of("SLUICE_DATABASE_URL", "postgresql://u:hunter2@h/x?" + parameter),
                "database.url (environment SLUICE_DATABASE_URL): its parameter " + name + " is not supported: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"target_session_attrs=standby", "connect_timeout=0", "channel_binding=hunter2", "keepalives=2"})
    void refusesValuesThatAParameterCannotHave(String parameter) {
        assertRefused(
                Map.of("SLUICE_DATABASE_URL", "postgresql://u:hunter2@h/x?" + parameter),
                "its parameter " + parameter.substring(0, parameter.indexOf('=')) + ": ",
                "was expected.");
    }

    @Test
    void refusesListsOfHostsByThatName() {
        assertRefused(
                Map.of("SLUICE_DATABASE_URL", "postgresql://u:hunter2@a:5432,b:5432/x"),
                "lists of hosts are not supported");
    }

    @Test
    void reportsAllProblemsAtOnceIncludingTheEndpoints() {
        Map<String, String> environment =
                Map.of("PGHOST", "a,b", "PGPORT", "0", "PGSSLMODE", "weak", "AWS_ENDPOINT_URL", "nowhere");

        assertThatThrownBy(() -> read(environment))
                .isInstanceOfSatisfying(
                        SettingsException.class, e -> assertThat(e.problems()).hasSize(4));
    }

    @Test
    void reportsItsProblemsWithThoseOfEveryCommand() {
        assertThatThrownBy(() -> settings(Map.of("PGPORT", "0", "PGHOST", " ", "SLUICE_CONSUMERS", "0")))
                .isInstanceOfSatisfying(
                        SettingsException.class, e -> assertThat(e.problems()).hasSize(3));
    }

    @Test
    void letsCommandsWorkThatDoNotUseTheDatabase() {
        Settings settings = settings(Map.of("SLUICE_DATABASE_URL", "nowhere", "PGPORT", "0"));

        assertThat(settings.queue("q").queue()).isEqualTo("q");
    }

    @ParameterizedTest
    @CsvSource({"'a,b', 1", "h, 0"})
    void cannotBeMadeOutOfShape(String host, int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DatabaseSettings(host, port, "d", "u", null, "prefer", null, true, Map.of()));
    }

    @Test
    void doesNotShowPassword() {
        assertThat(TestSettings.database("postgresql://u:hunter2@[::1]/x"))
                .hasToString("u@[::1]:5432/x (sslmode prefer)");
    }

    private static void assertRefused(Map<String, String> environment, String... texts) {
        assertThatThrownBy(() -> read(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(texts)
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    private static DatabaseSettings read(Map<String, String> environment) {
        return settings(environment).database();
    }

    private static Settings settings(Map<String, String> environment) {
        return SettingsReader.read(Map.of(), null, new HashMap<>(environment));
    }
}
