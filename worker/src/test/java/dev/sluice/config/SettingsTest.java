package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final String CANARY = "canary-5ecret";

    private final Settings settings =
            SettingsReader.read(Map.of(), null, Map.of("PGPASSWORD", CANARY, "SLUICE_DATABASE_URL", CANARY));

    @Test
    void showsSecretsRedacted() {
        assertThat(Setting.values())
                .filteredOn(setting -> settings.shown(setting) != null)
                .extracting(settings::shown)
                .doesNotContain(CANARY)
                .contains("(redacted)", "user-logins");
        assertThat(settings.text(Setting.DATABASE_PASSWORD)).isEqualTo(CANARY);
        assertThat(settings.shown(Setting.QUEUE)).isNull();
    }

    @Test
    void isPrintedWithoutValues() {
        assertThat(settings.toString()).contains("DATABASE_PASSWORD").doesNotContain(CANARY);
        assertThat(new SettingValue(CANARY, "default").toString()).doesNotContain(CANARY);
    }

    @Test
    void namesTheDatabaseByUrlHostOrName() {
        assertThat(settings.namesDatabase()).isTrue();
        for (String variable : List.of("PGHOST", "PGDATABASE")) {
            assertThat(SettingsReader.read(Map.of(), null, Map.of(variable, "x"))
                            .namesDatabase())
                    .isTrue();
        }
        assertThat(SettingsReader.read(Map.of(), null, Map.of("PGUSER", "u")).namesDatabase())
                .isFalse();
    }

    @Test
    void noTwoSettingsShareAKeyAVariableOrAFlag() {
        List<Setting> all = List.of(Setting.values());

        assertThat(all.stream().flatMap(setting -> setting.keys().stream())).doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(setting -> setting.variables().stream()))
                .doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(setting -> setting.flags().stream())).doesNotHaveDuplicates();
    }
}
