package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first example of docs/pipelines.md, whose table is in a schema that a new database does not have. */
class MigrateSchemaIT {

    private Playground playground;
    private Path pipeline;

    @BeforeEach
    void writeTheExample(@TempDir Path folder) throws IOException {
        playground = Playground.empty(folder);
        String page = Files.readString(Path.of("..", "docs", "pipelines.md"));
        Matcher example = Pattern.compile("```yaml\\n(pipeline: clicks.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(example.find()).isTrue();
        pipeline = playground.write("clicks.yaml", example.group(1));
    }

    @Test
    void migrateNamesTheStatementThenCreatesTheSchemaWhenAsked() {
        String refusal = migrate().refused(ExitCode.CONFIG);
        assertThat(refusal)
                .contains(
                        "schema web of table web.clicks does not exist; `sluice migrate --create-schema` creates it, or"
                                + " run CREATE SCHEMA \"web\"");
        assertThat(playground
                        .sluice("--pipeline", pipeline.toString(), "doctor")
                        .out())
                .contains("schema web of table web.clicks does not exist; `sluice migrate --create-schema` creates it");

        assertThat(migrate("--create-schema").succeeded().out()).contains("Table web.clicks created.");
        assertThat(migrate("--create-schema").succeeded().out()).contains("Table web.clicks already exists.");
        assertThat(playground.query("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'web'"))
                .containsExactly("sluice");
    }

    @Test
    void printsSqlAndRunsNothing() {
        String script = migrate("--print-sql", "--create-schema").succeeded().out();

        assertThat(script).contains("BEGIN;", "CREATE SCHEMA sluice;", "CREATE SCHEMA \"web\";", "COMMIT;");
        assertThat(playground.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('sluice', 'web')"))
                .isEmpty();
        playground.execute(script);
        assertThat(migrate("--print-sql").succeeded().out()).doesNotContain("CREATE", "ALTER");
    }

    @Test
    void theDemoCreatesTheSchema() {
        Path messages = playground.write(
                "clicks.ndjson",
                "{\"id\":\"6f1de1a2-6a2e-4f0e-9a55-0c2b6f3f6a11\",\"page\":{\"path\":\"/\"},\"client\":{\"ip\":\"192.0.2.7\"}}\n");

        assertThat(playground
                        .sluice("demo", "--pipeline", pipeline.toString(), "--messages", messages.toString())
                        .succeeded()
                        .lastLine())
                .startsWith("received 1 = stored 1");
    }

    private Ran migrate(String... options) {
        String[] command = new String[3 + options.length];
        System.arraycopy(new String[] {"--pipeline", pipeline.toString(), "migrate"}, 0, command, 0, 3);
        System.arraycopy(options, 0, command, 3, options.length);
        return playground.sluice(command);
    }
}
