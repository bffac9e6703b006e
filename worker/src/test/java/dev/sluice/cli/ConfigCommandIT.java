package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @Test
    void putsFlagBeforeEnvironmentBeforeFileBeforeDefault() {
        Path file = playground.write(
                "sluice.yaml",
                """
                pipeline: of-file
                queue: of-file
                keys: of-file
                consumers: 3
                """);
        playground.set("SLUICE_QUEUE", "of-environment").set("SLUICE_KEYS", "of-environment");

        String[] call = {"--config", file.toString(), "--keys", "of-flag", "config", "show", "--output", "json"};
        Ran show = playground.sluice(call).succeeded();

        assertThat(show.lines())
                .contains(
                        shown("keys", "of-flag", "flag --keys"),
                        shown("queue", "of-environment", "environment SLUICE_QUEUE"),
                        shown("pipeline", "of-file", "file " + file),
                        shown("consumers", "3", "file " + file),
                        shown("batch.messages", "1000", "default"))
                .contains("{\"setting\":\"database.port\",\"value\":null,\"from\":null}");
    }

    @Test
    void readsTheFileThatTheEnvironmentNames() {
        Path file = playground.write("sluice.yaml", "lanes: 3\n");
        playground.set("SLUICE_CONFIG", file.toString());

        assertThat(playground.sluice("config", "show").succeeded().out()).containsPattern("consumers +3 +file " + file);
    }

    @Test
    void showsNoSecret() {
        playground
                .set("SLUICE_DATABASE_URL", "postgresql://sluice:geheim@localhost/db")
                .set("PGPASSWORD", "geheim")
                .set("AWS_SECRET_ACCESS_KEY", "geheim");

        Ran text = playground.sluice("config", "show", "--log-level", "trace").succeeded();
        Ran json = playground.sluice("config", "show", "--output", "json").succeeded();

        assertThat(text.out() + text.err() + json.out() + json.err()).doesNotContain("geheim");
        assertThat(text.out())
                .containsPattern("database.url +\\(redacted\\) +environment SLUICE_DATABASE_URL")
                .containsPattern("database.password +\\(redacted\\) +environment PGPASSWORD");
    }

    @Test
    void takesValuesFromVariablesAndShowsNoSecretAmongThem() {
        Path file = playground.write(
                "sluice.yaml",
                "queue: ${STAGE:-dev}-orders\ndatabase: { password: \"${DB_PASSWORD}\", host: \"${NO_HOST:-db}\" }\n");
        playground.unset("SLUICE_QUEUE").set("STAGE", "prod").set("DB_PASSWORD", "geheim");
        String[] call = {"--config", file.toString(), "config", "show"};

        Ran show = playground.sluice(call).succeeded();

        assertThat(show.out() + show.err()).doesNotContain("geheim");
        assertThat(show.out())
                .containsPattern("queue +prod-orders +file ")
                .containsPattern("database.password +\\(redacted\\) +file ")
                .containsPattern("database.host +db +file ");
        assertThat(playground.unset("DB_PASSWORD").sluice(call).refused(ExitCode.CONFIG))
                .contains("2:23 database.password: the environment variable DB_PASSWORD is not set");
    }

    @Test
    void warnsOnceOfAVariableThatIsNotASetting() {
        Ran show = playground
                .set("SLUICE_DATABSE_URL", "geheim")
                .sluice("config", "show")
                .succeeded();

        assertThat(show.err())
                .isEqualTo("sluice: warning: the environment variable SLUICE_DATABSE_URL is not a setting;"
                        + " did you mean SLUICE_DATABASE_URL?\n");
    }

    private static String shown(String setting, String value, String from) {
        return "{\"setting\":\"" + setting + "\",\"value\":\"" + value + "\",\"from\":\"" + from + "\"}";
    }
}
