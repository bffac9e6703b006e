package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownVariablesTest {

    @ParameterizedTest
    @CsvSource({
        "SLUICE_DATABSE_URL, SLUICE_DATABASE_URL",
        "SLUICE_DATABASE_URL_FIL, SLUICE_DATABASE_URL_FILE",
        "SLUICE_QEUEU, SLUICE_QUEUE",
        "SLUICE_KEY, SLUICE_KEYS",
        "SLUICE_JAVA_OPT, SLUICE_JAVA_OPTS"
    })
    void areReportedWithTheNameThatIsNear(String typed, String near) {
        assertThat(UnknownVariables.warnings(List.of(typed, "PATH")))
                .containsExactly(
                        "warning: the environment variable " + typed + " is not a setting; did you mean " + near + "?");
    }

    @Test
    void areReportedWithoutAGuessThatIsFarOff() {
        assertThat(UnknownVariables.warnings(List.of("SLUICE_Z_FAVOURITE_COLOUR", "SLUICE_A_REPLICAS")))
                .containsExactly(
                        "warning: the environment variable SLUICE_A_REPLICAS is not a setting and has no effect",
                        "warning: the environment variable SLUICE_Z_FAVOURITE_COLOUR is not a setting and has no effect");
    }

    @Test
    void areNoneOfThoseThatAreRead() {
        List<String> read = Setting.allVariables().toList();

        assertThat(read).contains("SLUICE_DATABASE_URL_FILE", "PGPASSWORD_FILE", "SLUICE_LANES");
        assertThat(UnknownVariables.warnings(read)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SLUICE_CONFIG",
                "SLUICE_JAVA_OPTS",
                "SLUICE_CLASS_CACHE",
                "SLUICE_SERVICE_HOST",
                "SLUICE_SERVICE_PORT_METRICS",
                "SLUICE_PORT",
                "SLUICE_PORT_8081_TCP_ADDR",
                "SLUICE_CONSOLE_SERVICE_HOST",
                "sluice_queue",
                "MY_SLUICE_QEUEU"
            })
    void areNoneOfWhatOthersSet(String name) {
        assertThat(UnknownVariables.warnings(List.of(name))).isEmpty();
    }
}
