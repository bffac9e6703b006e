package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "postgresql://u:p%40s%3As%25@db.example:6432/logins, u, p@s:s%, db.example, 6432, logins",
                "postgres://u:p@s:w@db.example/logins, u, p@s:w, db.example, 5432, logins",
                "postgresql://u:a+b@[2001:db8::1]:6432/x, u, a+b, 2001:db8::1, 6432, x",
                "postgresql://u@db.example, u, , db.example, 5432, u",
                "postgresql:///x, os, , localhost, 5432, x",
                "jdbc:postgresql://db.example:6432/x?user=u&password=p%26q, u, p&q, db.example, 6432, x",
                "jdbc:postgresql://db.example/x?user=u&password=a+b, u, a b, db.example, 5432, x",
            })
    void readsUrl(String url, String user, String password, String host, int port, String database) {
        DatabaseAddress address = DatabaseAddress.from(Map.of("SLUICE_DATABASE_URL", url), "os", false);
        assertThat(address.user()).isEqualTo(user);
        assertThat(address.password()).isEqualTo(password);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.database()).isEqualTo(database);
    }

    @Test
    void fillsFromLibpqSettingsWhatUrlLacks() {
        DatabaseAddress address = DatabaseAddress.from(
                Map.of(
                        "SLUICE_DATABASE_URL", "postgresql://u@db.example/x",
                        "PGHOST", "other.example",
                        "PGPORT", "6432",
                        "PGPASSWORD", "hunter2"),
                "os",
                false);
        assertThat(address.host()).isEqualTo("db.example");
        assertThat(address.port()).isEqualTo(6432);
        assertThat(address.password()).isEqualTo("hunter2");
    }

    @Test
    void takesLibpqDefaultsWhenNothingIsSet() {
        DatabaseAddress address = DatabaseAddress.from(Map.of("PGHOST", ""), "os", false);
        assertThat(address).hasToString("os@localhost:5432/os (sslmode prefer)");
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
    void verifiesServerUnlessOnLoopbackOrAllowed(String host, String mode, boolean insecureTls, String expected) {
        Map<String, String> settings = Map.of("PGHOST", host, "PGSSLMODE", mode == null ? "" : mode);
        assertThat(DatabaseAddress.from(settings, insecureTls).sslMode()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca"})
    void refusesWeakTlsAndNamesTheFlag(String mode) {
        assertThatThrownBy(() -> DatabaseAddress.from(Map.of("PGHOST", "db.example", "PGSSLMODE", mode), false))
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIG))
                .hasMessageContaining("--insecure-database-tls");
    }

    @ParameterizedTest
    @CsvSource({"/var/run/postgresql, socket folder", "'a.example,b.example', several hosts"})
    void refusesHostsItCannotReach(String host, String named) {
        assertThatThrownBy(() -> DatabaseAddress.from(Map.of("PGHOST", host), false))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(named);
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
        assertThatThrownBy(() -> DatabaseAddress.from(Map.of("SLUICE_DATABASE_URL", url), false))
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIG))
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void doesNotShowPassword() {
        Map<String, String> settings = Map.of("SLUICE_DATABASE_URL", "postgresql://u:hunter2@db.example/x");
        assertThat(DatabaseAddress.from(settings, false).toString()).doesNotContain("hunter2");
    }
}
