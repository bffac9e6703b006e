package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The records for queue and run. */
class QueueSettingsTest {

    @Test
    void defaultsAreThePipelinesQueueAtAws() {
        assertThat(read(Map.of()).queue("of-pipeline")).isEqualTo(new QueueSettings("of-pipeline", null, null, false));
        assertThat(read(Map.of()).run()).isEqualTo(TestSettings.RUN);
    }

    @Test
    void everySettingIsMapped() {
        Settings settings = read(Map.of(
                "SLUICE_QUEUE", "q",
                "AWS_ENDPOINT_URL_SQS", "http://localhost:4566",
                "AWS_REGION", "eu-west-1",
                "SLUICE_INSECURE_AWS_HTTP", "true",
                "SLUICE_CONSUMERS", "3",
                "SLUICE_BATCH_MESSAGES", "5"));

        assertThat(settings.queue("of-pipeline"))
                .isEqualTo(new QueueSettings("q", URI.create("http://localhost:4566"), "eu-west-1", true));
        assertThat(settings.run()).isEqualTo(new RunSettings(3, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "ftp://h", "http://", "http:h", "http://a b", "//h", "h"})
    void refusesAnEndpointThatIsNotAUrlNamingItsOriginOnly(String endpoint) {
        Settings settings = read(Map.of("AWS_ENDPOINT_URL", endpoint));

        assertThatThrownBy(() -> settings.queue("q"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("aws.endpoint-url (environment AWS_ENDPOINT_URL): a URL as http://host:port was expected.")
                .hasNoCause();
        assertThat(settings.database()).as("commands that do not use the queue").isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "65, 1", "1, 0", "1, 10001"})
    void refusesNumbersOutOfTheDeclaredBounds(int consumers, int batchMessages) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RunSettings(consumers, batchMessages));
    }

    @Test
    void refusesAnEndpointOutOfShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueSettings("q", URI.create("ftp://h"), null, false));
    }

    private static Settings read(Map<String, String> environment) {
        return SettingsReader.read(Map.of(), null, environment);
    }
}
