package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.TestSecrets;
import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void showsTheSecretThatAwsKeepsByNameAndFetchesNothing() {
        playground.unset("SLUICE_DATABASE_URL").set("PGPASSWORD", TestSecrets.SECRET + "#password");

        assertThat(playground
                        .sluice("config", "show", "--output", "json")
                        .succeeded()
                        .lines())
                .contains(shown(
                        "database.password",
                        "(redacted)",
                        "environment PGPASSWORD, " + TestSecrets.SECRET + "#password"));
    }

    @Test
    void connectsWithASecretThatAwsKeeps() {
        try (TestSecrets aws = new TestSecrets()) {
            aws.put(TestSecrets.SECRET, "{\"url\":\"" + playground.databaseUrl + "\"}");
            aws.environment().forEach((name, value) -> {
                if (name.startsWith("AWS_ENDPOINT")) {
                    playground.set(name, value);
                }
            });
            playground.set("SLUICE_DATABASE_URL", TestSecrets.SECRET + "#url");
            playground.sluice("migrate").succeeded();
            playground.set("SLUICE_DATABASE_URL", TestSecrets.SECRET + "#nothing");

            assertThat(playground.sluice("migrate").refused(ExitCode.CONFIG))
                    .contains("secretsmanager:GetSecretValue failed for database.url, secret " + TestSecrets.SECRET)
                    .contains("its JSON object has no text with that key")
                    .doesNotContain(playground.databaseUrl);
        }
    }

    @Test
    void validatesSettingsAndPipelineAtOnce() {
        Path pipeline = playground.write("my.yaml", "pipeline: my\nsource: { queue: q, colour: red }\n");
        Path file =
                playground.write("sluice.yaml", "pipeline: " + pipeline + "\nqeue: q\nbatch: { messages: geheim }\n");
        playground
                .set("SLUICE_CONSUMERS", "geheim")
                .set("SLUICE_DATABASE_URL", "geheim")
                .set("PGPASSWORD_FILE", "/no/such/file")
                .set("SLUICE_DATABSE_URL", "geheim");

        Ran text = playground.sluice("config", "validate", file.toString());
        Ran json = playground.sluice("config", "validate", file.toString(), "--output", "json");

        assertThat(text.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(json.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(text.err() + json.out()).doesNotContain("geheim");
        for (String problem : List.of(
                file + ":2:1 qeue: unknown key",
                "batch.messages (file " + file + ":3:20): a whole number from 1 to 10000 was expected.",
                "consumers (environment SLUICE_CONSUMERS): a whole number",
                "database.url (environment SLUICE_DATABASE_URL): postgresql://USER",
                "PGPASSWORD_FILE: the file that it names cannot be read.",
                pipeline + ":2:21 source.colour: unknown key")) {
            assertThat(text.err()).contains("\n  " + problem);
            assertThat(json.out()).contains("\"" + problem);
        }
        assertThat(json.lines()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("{\"valid\":false,\"pipeline\":\"" + pipeline + "\",\"problems\":[")
                .contains("\"warnings\":[\"warning: the environment variable SLUICE_DATABSE_URL"));
    }

    @Test
    void validatesWithoutTheNetworkUnlessItIsToConnect() {
        playground
                .set("SLUICE_DATABASE_URL", "postgresql://u:geheim@127.0.0.1:1/x")
                .set("SLUICE_QUEUE", "no-such-queue");

        assertThat(playground.sluice("config", "validate").succeeded().out())
                .isEqualTo("valid: settings, and pipeline user-logins\n");
        Ran connected = playground.sluice("config", "validate", "--connect");

        assertThat(connected.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(connected.err())
                .contains("queue: ", "no-such-queue", "database connection: ", "the connection was refused")
                .doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_CONSOLE_ADDRESS, 0.0.0.0, 'console.address: without tokens'",
        "SLUICE_CONSOLE_TOKENS_FILE, /no/such/file, 'console.tokens-file: the file cannot be read'",
        "SLUICE_CONSOLE_DATABASE_URL, postgresql://h:geheim/x, 'console.database-url'",
        "OPENLINEAGE_URL, http://catalog.example, 'lineage.url: https was expected'"
    })
    void validateAndDoctorFindWhatOnlyARunWouldNotice(String variable, String value, String problem) {
        playground
                .set("OPENLINEAGE_API_KEY", "geheim")
                .set("SLUICE_CONSOLE_PORT", "0")
                .set(variable, value);

        assertThat(playground.sluice("config", "validate").refused(ExitCode.CONFIG))
                .contains(problem)
                .doesNotContain("geheim");
        Ran doctor = playground.sluice("doctor");
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(doctor.out()).contains(problem).doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_CONSOLE_PROXY_SECRET, SLUICE_CONSOLE_PROXY_HEADER, X-User",
        "OPENLINEAGE_API_KEY, OPENLINEAGE_URL, https://catalog.example",
        "SLUICE_CONSOLE_DATABASE_URL, SLUICE_LOG_LEVEL, info",
        "SLUICE_DATABASE_URL, SLUICE_LOG_LEVEL, info"
    })
    void validatesASecretThatAwsKeepsByItsNameOnly(String secret, String other, String value) {
        playground
                .set(secret, "arn:aws:secretsmanager:eu-central-1:123456789012:secret:name")
                .set(other, value);

        playground.sluice("config", "validate").succeeded();
        assertThat(playground
                        .set(secret, "arn:aws:secretsmanager:name")
                        .sluice("config", "validate")
                        .refused(ExitCode.CONFIG))
                .startsWith("sluice: 1 problem\n");
    }

    @Test
    void validatesOneFile() {
        Path file = playground.write("sluice.yaml", "consumers: 3\n");

        assertThat(playground
                        .sluice("--config", file.toString(), "config", "validate", file.toString())
                        .refused(ExitCode.USAGE))
                .contains("given twice");
        assertThat(playground.sluice("config", "validate", file + ".none").exitCode())
                .isEqualTo(ExitCode.CONFIG);
    }

    private static String shown(String setting, String value, String from) {
        return "{\"setting\":\"" + setting + "\",\"value\":\"" + value + "\",\"from\":\"" + from + "\"}";
    }
}
