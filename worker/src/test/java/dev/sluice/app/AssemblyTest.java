package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SettingsException;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblyTest {

    @Test
    void takesThePipelinesQueueUnlessASettingNamesAnother() {
        assertThat(assembly(Map.of()).queue()).isEqualTo("login-queue");
        assertThat(assembly(Map.of("SLUICE_QUEUE", "other")).queue()).isEqualTo("other");
    }

    @Test
    void wantsOneKeysetPerMaskThatHasAKey() {
        assertThat(assembly(Map.of()).wantedKeys())
                .containsExactly(
                        Map.entry("user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD),
                        Map.entry("user-logins.masked_device_id", KeyKind.DETERMINISTIC_AEAD));
        assertThat(assembly(Map.of("SLUICE_PIPELINE", "user-logins-sha256")).wantedKeys())
                .isEmpty();
    }

    @Test
    void handsTheQueueItsSettings() {
        Assembly assembly = assembly(Map.of(
                "AWS_ENDPOINT_URL_SQS",
                "http://localhost:4566",
                "AWS_REGION",
                "eu-west-1",
                "SLUICE_BATCH_MESSAGES",
                "5"));

        assertThat(assembly.sqsSettings().endpoint()).isEqualTo(URI.create("http://localhost:4566"));
        assertThat(assembly.sqsSettings().region()).isEqualTo("eu-west-1");
        assertThat(assembly.sqsSettings().batchMaxMessages()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "ftp://h", "http://", "http:h", "http://a b", "//h", "h"})
    void refusesAnEndpointThatIsNoUrlByItsOriginOnly(String endpoint) {
        Assembly assembly = assembly(Map.of("AWS_ENDPOINT_URL", endpoint));

        assertThatThrownBy(assembly::sqsSettings)
                .isInstanceOf(SettingsException.class)
                .hasMessage("aws.endpoint-url (environment AWS_ENDPOINT_URL): a URL as http://host:port was expected.")
                .hasNoCause();
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
