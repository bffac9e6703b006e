package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SettingsReader;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssemblyTest {

    @Test
    void takesThePipelinesQueueUnlessASettingNamesAnother() {
        assertThat(assembly(Map.of()).queue()).isEqualTo("login-queue");
        assertThat(assembly(Map.of("SLUICE_QUEUE", "other")).queue()).isEqualTo("other");
    }

    @Test
    void wantsOneKeysetPerMaskThatHasAKey() {
        assertThat(assembly(Map.of()).requiredKeys())
                .containsExactly(
                        Map.entry("user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD),
                        Map.entry("user-logins.masked_device_id", KeyKind.DETERMINISTIC_AEAD));
        assertThat(assembly(Map.of("SLUICE_PIPELINE", "user-logins-sha256")).requiredKeys())
                .isEmpty();
    }

    @Test
    void saysHowKeysAreMadeWhereNoneAreSet() {
        assertThatThrownBy(() -> assembly(Map.of()).keysets())
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("sluice keys create");
    }

    private static Assembly assembly(Map<String, String> environment) {
        return new Assembly(SettingsReader.read(Map.of(), null, environment));
    }
}
