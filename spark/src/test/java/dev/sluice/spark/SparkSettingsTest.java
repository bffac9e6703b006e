package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSettingsTest {

    private static Stream<String> secretVariables() {
        return Arrays.stream(Setting.values())
                .filter(Setting::isSecret)
                .flatMap(setting -> setting.variables().stream());
    }

    @ParameterizedTest
    @MethodSource("secretVariables")
    @ValueSource(strings = {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
    void passesNoSecretToExecutorsOrDriver(String variable) {
        for (String prefix : new String[] {
            "spark.executorEnv.",
            "spark.yarn.appMasterEnv.",
            "spark.kubernetes.driverEnv.",
            "spark.emr-serverless.driverEnv."
        }) {
            SparkConf conf = new SparkConf(false).set(prefix + variable, "clear-value");

            assertThatThrownBy(() -> SparkSettings.requireNoSecret(conf))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageStartingWith(prefix + variable + " passes a secret")
                    .hasMessageNotContaining("clear-value");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.executorEnv.SLUICE_KEYS",
                "spark.executorEnv.SLUICE_DATABASE_URL_FILE",
                "spark.executor.cores"
            })
    void passesPathsAndWhatIsNotSecret(String name) {
        assertThatCode(() -> SparkSettings.requireNoSecret(new SparkConf(false).set(name, "/mnt/sluice/file")))
                .doesNotThrowAnyException();
    }
}
