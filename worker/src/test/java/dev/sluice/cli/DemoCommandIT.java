package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo brings its own servers; of the environment it takes the pipeline only. */
class DemoCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @Test
    void storesNinetyNineOfTheSampleAndQuarantinesOne() {
        Ran demo = playground.sluice("demo").succeeded();

        assertThat(demo.lastLine())
                .matches("received 100 = stored 99 \\+ duplicates 0 \\+ quarantined 1 \\+ released 0, in \\d+\\.\\d s");
        assertThat(demo.out())
                .contains("Table user_logins, 99 rows", "masked_ip", "varchar(256)", "missing", "user_id");
        assertThat(demo.out()).contains("Duplicates: equal values have equal tokens");
        assertThat(playground.query("SELECT to_regclass('user_logins')"))
                .as("the environment's database is left alone")
                .containsExactly("null");
    }

    @Test
    void endsStandardOutputWithTheBalanceAndMovesTheStoryToStandardErrorForMachines() {
        Path messages =
                playground.write("my.ndjson", String.join("\n", Events.sample().subList(0, 10)) + "\nnonsense\n");
        playground.set("SLUICE_PIPELINE", "user-logins-sha256");

        Ran demo = playground
                .sluice("demo", "--messages", messages.toString(), "--output", "json")
                .succeeded();

        assertThat(demo.lastLine())
                .matches("\\{\"received\":11,\"stored\":10,\"duplicates\":0,\"quarantined\":1,\"released\":0,"
                        + "\"seconds\":\\d+\\.\\d+\\}");
        assertThat(demo.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(demo.err()).contains("Sent 11 messages.");
        assertThat(demo.out()).contains("a6d0e2f27f6111e10b06790db42f34123e724aa0fd24b280f4a0ef5ee986784c");
    }

    @Test
    void refusesAFileThatIsNotThereBeforeItStartsAnything() {
        Ran demo = playground.sluice("demo", "--messages", "no-such-file");

        assertThat(demo.refused(ExitCode.USAGE)).contains("--messages: no-such-file cannot be read");
        assertThat(demo.err()).doesNotContain("Starting");
    }

    @Test
    void refusesAnArrayThatBreaksOff() {
        Path messages = playground.write("broken.json", "[" + Events.BAD + ",\n{\"foo\": ");

        assertThat(playground.sluice("demo", "--messages", messages.toString()).refused(ExitCode.USAGE))
                .contains("begins as a JSON array, but breaks off");
    }

    @Test
    void shipsTheHundredMessagesOfTheSampleQueue() {
        List<String> sample = Events.sample();

        assertThat(sample).hasSize(100).containsOnlyOnce(Events.BAD);
    }
}
