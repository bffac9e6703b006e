package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are wrong by themselves, whatever queue and database are like. */
class UsageIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    run --until-emtpy                | --until-emtpy
                    run --schedule 0_2_*_*_* --for 1s | --schedule runs until it is stopped
                    peek 5 --limit 5                 | N and --limit are the same
                    peek --limit 0                   | --limit must be at least 1
                    send --from-line 0 -             | --from-line must be at least 1
                    run --max-batches 0              | --max-batches must be at least 1
                    run --max-batches some           | --max-batches
                    run --for 10                     | a duration such as 30s, 10m, 2h or 1d was expected
                    run --for 0s                     | a duration such as 30s, 10m, 2h or 1d was expected
                    run --schedule every-day         | a cron expression of five fields
                    run --schedule 99_*_*_*_*        | a cron expression of five fields
                    peek 0                           | N must be at least 1
                    show -1                          | N must be at least 0
                    quarantine                       | a subcommand is required: replay, export, import, list, purge, show
                    quarantine show seven            | ID
                    keys                             | a subcommand is required: create, bind, rewrap-kek, add, destroy
                    config                           | a subcommand is required: validate, show
                    send                             | FILE
                    check                            | FILE
                    erase --user-id u                | --ticket is required
                    quarantine replay --ticket T-1   | which records: give --id, or --all
                    quarantine replay --all          | --ticket is required
                    transmogrify                     | unknown command transmogrify
                    keys lst                         | unknown command lst; did you mean list?
                    dcotor                           | unknown command dcotor; did you mean doctor?
                    quarantine show 1 192.0.2.1      | too many arguments
                    run --untilempty                 | unknown option --untilempty; did you mean --until-empty?
                    run --colour=192.0.2.1           | unknown option --colour
                    """)
    void exits2AndReportsWhatIsRequired(String call, String expected) {
        Ran run = playground.sluice(arguments(call));

        String refusal = run.refused(ExitCode.USAGE);
        assertThat(refusal).contains(expected);
        assertThat(refusal.lines())
                .as("the sentence, and where to read on")
                .hasSize(2)
                .noneMatch(line -> line.contains("192.0.2.1"));
        assertThat(refusal).containsPattern("See sluice( [a-z]+)* --help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void pointsAtTheHelpOfTheCommandThatWasCalled() {
        assertThat(playground.sluice("run", "--max-batches", "0").err()).contains("See sluice run --help");
        assertThat(playground.sluice("keys", "create", "--force").err()).contains("See sluice keys create --help");
    }

    /** A schedule that is understood comes as far as the keys, which are not there. */
    @ParameterizedTest
    @ValueSource(strings = {"0_2_*_*_*", "*/5_*_*_*_1-5"})
    void takesACronExpressionOfFiveFields(String expression) {
        String refusal =
                playground.sluice(arguments("run --schedule " + expression)).refused(ExitCode.CONFIG);

        assertThat(refusal).contains("there is no keyset file");
    }

    /** picocli would put the file's words in the place of the argument, and quote those that do not fit. */
    @ParameterizedTest
    @ValueSource(strings = {"peek", "check", "unmask", "quarantine show", "completion"})
    void readsNoFileThatAnArgumentNamesByAnAt(String command) {
        Path file = playground.write("secret", "--canary-4711 canary-4712\ncanary-4713\n");

        Ran run = playground.sluice((command + " @" + file).split(" ", -1));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.out() + run.err()).doesNotContain("canary");
    }

    @Test
    void refusesUnknownKeysOfTheSettingsFile() {
        Path settings = playground.write("sluice.yaml", "queue: q\nquue: q\nlog: { levle: info }\n");

        String refusal = playground
                .sluice("--config", settings.toString(), "config", "show")
                .refused(ExitCode.CONFIG);

        assertThat(refusal).contains("2 problems").containsPattern("2:1 .*quue").containsPattern("3:\\d+ .*levle");
    }

    /** Blanks within an argument are written as underscores. */
    private static String[] arguments(String call) {
        String[] words = call.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace('_', ' ');
        }
        return words;
    }
}
