package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run must not begin with. After each test the queue is looked at: no message was taken from it. */
class RunRefusalIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(Events.logins(2));
    }

    @AfterEach
    void findAllMessagesWhereTheyWere() {
        assertThat(playground.depth().visible()).isEqualTo(2);
    }

    @Test
    void wantsToKnowWhereTheKeysAre() {
        playground.unset("SLUICE_KEYS");

        assertThat(refusal()).contains("SLUICE_KEYS", "`sluice keys create`");
    }

    @Test
    void wantsAKeysetFile() {
        playground.set("SLUICE_KEYS", playground.folder.resolve("absent.json").toString());

        assertThat(refusal()).contains("there is no keyset file", "absent.json", "sluice keys create");
    }

    @Test
    void refusesKeysThatOthersMayRead() throws IOException {
        Files.setPosixFilePermissions(playground.keys, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(refusal()).contains("rw-r--r--", "chmod 600 " + playground.keys);
    }

    @Test
    void namesTheFieldThatHasNoKeyset() throws IOException {
        Files.delete(playground.keys);
        playground
                .sluice("--pipeline", "user-logins-sha256", "keys", "create", "--allow-cleartext-keys")
                .succeeded();

        assertThat(refusal()).contains("'user-logins.masked_ip'", "sluice keys create");
    }

    @Test
    void refusesADatabaseThatWasNeverMigrated() {
        playground.execute("DROP SCHEMA sluice CASCADE");

        assertThat(refusal()).contains("schema sluice", "`sluice migrate`");
    }

    @Test
    void refusesATableThatIsMissing() {
        playground.execute("DROP TABLE user_logins");

        assertThat(refusal()).contains("table user_logins does not exist", "`sluice migrate`");
    }

    @Test
    void refusesAColumnThatIsTooNarrow() {
        playground.execute("ALTER TABLE user_logins ALTER masked_ip TYPE varchar(64)");

        assertThat(refusal()).contains("masked_ip", "character varying(64)", "varchar(256)");
    }

    @Test
    void refusesAPipelineThatThereIsNot() {
        assertThat(refusal("--pipeline", "user-logouts"))
                .contains("pipeline user-logouts: neither a file nor a built-in pipeline", "user-logins-sha256");
    }

    @Test
    void tellsAllThatIsWrongWithAPipelineFileAndWhere() {
        Path pipeline = playground.write(
                "bad.yaml",
                """
                pipeline: mine
                source: { queue: q }
                sink: { table: t }
                columns:
                  a: { from: a, type: varchr(10) }
                  b: { from: b, type: text, mask: { kind: rot13 } }
                colour: red
                """);

        assertThat(refusal("--pipeline", pipeline.toString()))
                .startsWith("sluice: " + pipeline + ": 3 problems")
                .contains("\n  5:23 columns.a.type: expected")
                .contains("\n  6:43 columns.b.mask.kind: one of")
                .contains("\n  7:1 colour: unknown key");
    }

    @Test
    void refusesAQueueThatThereIsNot() {
        assertThat(refusal("--queue", "no-such-queue")).contains("no-such-queue", "check SLUICE_QUEUE");
    }

    @Test
    void refusesADatabaseThatThereIsNot() {
        playground.set("SLUICE_DATABASE_URL", playground.databaseUrl + "_gone");

        assertThat(refusal()).contains("_gone", "3D000");
    }

    @Test
    void refusesSettingsOutOfTheirBoundsAllAtOnce() {
        playground.set("SLUICE_LANES", "0").set("SLUICE_LOG_LEVEL", "loud");

        assertThat(refusal())
                .contains("consumers (environment SLUICE_LANES): a whole number from 1 to 64 was expected.")
                .contains("log.level (environment SLUICE_LOG_LEVEL): one of");
    }

    private String refusal(String... options) {
        String[] args = new String[options.length + 2];
        System.arraycopy(options, 0, args, 0, options.length);
        args[options.length] = "run";
        args[options.length + 1] = "--until-empty";
        return playground.sluice(args).refused(ExitCode.CONFIG);
    }

    /** What collects the lines of a container must see why a worker did not start. */
    @Test
    void logsTheRefusalAsJsonInAContainer() {
        playground.set("KUBERNETES_SERVICE_HOST", "10.0.0.1").set("SLUICE_CONSUMERS", "0");

        Ran run = playground.sluice("run", "--max-batches", "1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.err())
                .hasLineCount(1)
                .startsWith("{\"@timestamp\":\"")
                .contains(
                        "\"log.level\":\"ERROR\",\"message\":\"consumers (environment SLUICE_CONSUMERS): a whole number");
    }
}
