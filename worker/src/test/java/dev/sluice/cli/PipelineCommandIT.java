package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that it names is there: no queue, no tables, no keys. */
class PipelineCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder)
                .unset("SLUICE_KEYS")
                .unset("SLUICE_DATABASE_URL")
                .unset("AWS_ENDPOINT_URL_SQS");
    }

    @Test
    void whatShowPrintsIsAPipelineWithTheSameVersion() {
        String yaml =
                playground.sluice("pipeline", "show", "user-logins").succeeded().out();
        Path copy = playground.write("copy.yaml", yaml);

        assertThat(playground.sluice("pipeline", "show", copy.toString()).out()).isEqualTo(yaml);
        assertThat(playground.sluice("pipeline", "validate", copy.toString()).out())
                .isEqualTo(copy + ": valid, pipeline user-logins, 7 columns into user_logins\n");
    }

    @Test
    void listNamesTheBuiltInPipelines() {
        assertThat(playground.sluice("pipeline", "list").succeeded().out())
                .contains("user-logins ", "user-logins-sha256 ");
    }

    @Test
    void showRefusesWhatDoesNotExist() {
        assertThat(playground.sluice("pipeline", "show", "nothing.yaml").refused(ExitCode.CONFIG))
                .contains("nothing.yaml: neither a file nor a built-in pipeline");
    }

    @Nested
    class Validate {

        @Test
        void reportsAllProblemsOfAllFiles() {
            Path first = playground.write("first.yaml", "pipeline: X\nsource: { queue: q }\nsink: {}\n");
            Path second = playground.write("second.yaml", "pipeline: [\n");

            Ran lint = playground.sluice(
                    "pipeline", "lint", first.toString(), "user-logins", second.toString(), "missing.yaml");

            assertThat(lint.exitCode()).isEqualTo(ExitCode.CONFIG);
            assertThat(lint.out()).isEqualTo("user-logins: valid, pipeline user-logins, 7 columns into user_logins\n");
            assertThat(lint.err())
                    .contains("first.yaml: 3 problems", "1:11 pipeline: ", "sink.table: missing", "columns: ")
                    .contains("second.yaml: ", "missing.yaml: neither a file nor a built-in pipeline");
        }

        @Test
        void expandsVariablesOfTheEnvironment() {
            Path file = playground.write(
                    "variables.yaml",
                    "pipeline: p\nsource: { queue: q }\nsink: { table: \"${TABLE}\" }\ncolumns: { a: { from: f, type: text } }\n");

            assertThat(playground
                            .sluice("pipeline", "validate", file.toString())
                            .refused(ExitCode.CONFIG))
                    .contains("TABLE");
            assertThat(playground
                            .set("TABLE", "clicks")
                            .sluice("pipeline", "validate", file.toString())
                            .succeeded()
                            .out())
                    .endsWith("1 column into clicks\n");
        }

        @Test
        void printsAnObjectPerFileForPrograms() {
            Path wrong = playground.write("wrong.yaml", "pipeline: p\nsource: {}\nsink: { table: t }\ncolumns: {}\n");

            Ran validate =
                    playground.sluice("pipeline", "validate", "--output", "json", "user-logins", wrong.toString());

            assertThat(validate.exitCode()).isEqualTo(ExitCode.CONFIG);
            assertThat(validate.lines()).hasSize(2);
            assertThat(validate.lines().get(0))
                    .isEqualTo(
                            "{\"file\":\"user-logins\",\"valid\":true,\"problems\":[],\"pipeline\":\"user-logins\"}");
            assertThat(validate.lines().get(1)).contains("\"valid\":false", "source.queue: missing");
        }

        @Test
        void warnsOfPersonalDataThatTheSampleHoldsAndNobodyMasked() {
            Path events = playground.write(
                    "events.ndjson",
                    IntStream.range(0, 30)
                            .mapToObj(number -> "{\"user_id\":\"u" + number + "@example.com\",\"app_version\":\"1\","
                                    + "\"ip\":\"192.0.2.1\",\"device_id\":\"d\"}")
                            .collect(Collectors.joining("\n")));

            Ran validate = playground.sluice(
                    "pipeline", "validate", "user-logins", "--sample", events.toString(), "--output", "json");

            assertThat(validate.exitCode()).isZero();
            assertThat(validate.err())
                    .contains("warning: user-logins: column user_id: 30 of 30 values look like e-mail addresses")
                    .doesNotContain("@example.com");
            assertThat(validate.lastLine())
                    .contains(
                            "\"unmasked\":[{\"column\":\"user_id\",\"kind\":\"email\",\"matching\":30,\"values\":30}]");
            assertThat(playground
                            .sluice("pipeline", "validate", "user-logins", "--sample", "missing.ndjson")
                            .refused(ExitCode.USAGE))
                    .contains("missing.ndjson: no such file");
        }
    }
}
