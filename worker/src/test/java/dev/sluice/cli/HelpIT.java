package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.config.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpIT {

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
                    demo              | Shows everything on an embedded queue and database
                    run               | Moves messages from the queue to the table
                    check             | Tries the pipeline on a file
                    send              | Sends the messages of a file to the queue
                    health            | Asks a running worker on this machine whether it is healthy
                    console           | Makes tokens for the console
                    console token     | Makes a token for a person or a program
                    queues            | Lists the queues with the number of their messages
                    peek              | Shows messages of the queue as masked rows, and returns them
                    show              | Shows the table
                    duplicates        | Shows masked values that several users share
                    status            | Shows what a running worker does
                    top               | Watches running workers
                    doctor            | Checks everything that a run needs, and changes nothing
                    migrate           | Creates what is missing in the database
                    keys              | Creates, lists and rotates keys
                    keys create       | Creates the keyset file
                    keys list         | Lists the keys of the keyset file
                    keys add          | Adds a key to a field
                    keys promote      | Makes a key the primary one
                    keys disable      | Disables a key
                    keys enable       | Enables a disabled key
                    keys destroy      | Destroys a disabled key
                    keys rewrap-kek   | Encrypts the keyset file with another KMS key
                    keys bind         | Binds the keyset file to the database
                    quarantine        | Shows, replays and deletes records that could not become rows
                    quarantine list   | Lists quarantined records
                    quarantine stats  | Counts quarantined records by pipeline and reason
                    quarantine show   | Shows one quarantined record
                    quarantine replay | Maps quarantined records with the current pipeline
                    quarantine purge  | Deletes quarantined records of the current pipeline
                    unmask            | Recovers the values of tokens
                    unmask request    | Requests values that another person must approve
                    unmask approve    | Approves the request of another database user
                    unmask fetch      | Recovers the values of your approved request
                    unmask requests   | Lists requests
                    find              | Looks up a clear value
                    export            | Exports a person's rows with their values recovered
                    export request    | Requests a person's values, which another person must approve
                    export fetch      | Exports a person's rows with the values of your approved request
                    audit             | Lists who recovered what, when and why
                    audit list        | Lists the entries of the audit
                    audit verify      | Recomputes all hashes of the audit
                    erase             | Deletes a person's rows from the pipeline's table
                    retain            | Deletes rows of the pipeline's table that are past their retention period
                    rewrap            | Replaces stored tokens of older keys, or plain SHA-256 hashes
                    assess            | Estimates how much of a table's masked values an attacker could reverse
                    config            | Shows and checks the configuration
                    config show       | Shows every setting, its value and where it comes from
                    config validate   | Checks settings file, environment and pipeline, and reports all problems
                    completion        | Prints a completion script
                    help              | Shows help for a command
                    version           | Prints the version
                    """)
    void describesEachCommand(String command, String what) {
        String[] call = (command + " --help").split(" ", -1);

        Ran help = playground.sluice(call).succeeded();

        assertThat(help.out())
                .contains(what, "Usage: sluice " + command, "Common options:", "--help")
                .as("a description of its own, not the program's")
                .doesNotContain("Then, with your queue and database");
        assertThat(help.err()).isEmpty();
        assertThat(help.lines()).as("fits a terminal of 80 columns").allMatch(line -> line.length() <= 80);
        assertThat(playground
                        .sluice(("help " + command).split(" ", -1))
                        .succeeded()
                        .out())
                .isEqualTo(help.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    show          | --pipeline, --insecure-database-tls, --config
                    send          | --pipeline, --queue, --region, --endpoint-url, --insecure-aws-http, --config
                    demo          | --pipeline
                    check         | --pipeline, --config
                    keys list     | --pipeline, --keys, --insecure-database-tls, --config
                    audit verify  | --insecure-database-tls, --config
                    """)
    void showsTheSettingsThatACommandUsesAtTheEnd(String command, String flags) {
        List<String> lines = playground
                .sluice((command + " --help").split(" ", -1))
                .succeeded()
                .lines();

        List<String> common = lines.subList(lines.indexOf("Common options:") + 1, lines.size());

        assertThat(shown(common)).startsWith(flags.split(", ", -1)).contains("--output", "--log-level");
        assertThat(shown(common))
                .filteredOn(flag -> Arrays.stream(Setting.values())
                        .anyMatch(setting -> setting != Setting.LOG_LEVEL && flag.equals(setting.flag())))
                .containsExactlyElementsOf(Arrays.stream(flags.split(", ", -1))
                        .filter(flag -> !flag.equals("--config"))
                        .toList());
    }

    private static List<String> shown(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches(" {2}(-[a-zA-Z],|   ) --.*"))
                .map(line -> line.strip().replaceFirst("^-., ", "").replaceFirst("[= ].*", ""))
                .toList();
    }

    @Test
    void acceptsTheFlagsThatACommandDoesNotUse() {
        playground.sluice("config", "show", "--consumers", "3").succeeded();
        assertThat(playground.sluice("completion", "--queue", "q").exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    erase             | --ticket=TICKET --user-id=VALUE|- [
                    find              | --reason=CODE --ticket=TICKET [
                    unmask            | --reason=CODE --ticket=TICKET [
                    unmask request    | --reason=CODE --ticket=TICKET [
                    """)
    void showsWhatIsRequiredFirstAndRequiresIt(String command, String synopsis) {
        String help = playground.sluice((command + " --help").split(" ", -1)).out();

        assertThat(help.replaceAll("\\s+", " ")).contains("Usage: sluice " + command + " " + synopsis);
        for (String option : synopsis.replaceAll("=[\\w|-]+| \\[", "").split(" ", -1)) {
            String[] others = synopsis.replaceAll(option + "=[\\w|-]+| \\[", "")
                    .replace("VALUE|-", "u1")
                    .replace("CODE", "DSAR")
                    .replace("TICKET", "C-1")
                    .replace("DURATION", "1d")
                    .strip()
                    .split(" ", -1);
            String[] call = Stream.concat(Arrays.stream(command.split(" ", -1)), Arrays.stream(others))
                    .filter(word -> !word.isEmpty())
                    .toArray(String[]::new);
            assertThat(playground.sluice(call).refused(ExitCode.USAGE)).contains(option, "required");
        }
    }

    @Test
    void showsTheTicketOfAReplayAsRequired() {
        assertThat(playground.sluice("quarantine", "replay", "--help").out())
                .contains("Usage: sluice quarantine replay --ticket=TICKET");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 66, 90, 250})
    void wrapsOnceAtTheWidthOfTheTerminal(int columns) {
        playground.set("COLUMNS", String.valueOf(columns));

        List<String> lines = playground.sluice("run", "--help").succeeded().lines();

        int width = Math.clamp(columns, 55, 100);
        assertThat(lines).allMatch(line -> line.length() <= width);
        assertThat(lines).anyMatch(line -> line.length() > width - 10);
    }

    @Test
    void wrapsNoExample() {
        allCommands(new Sluice(new Console(InputStream.nullInputStream(), System.out, System.err, Map.of(), false))
                        .commandLine())
                .forEach(command -> assertThat(
                                command.getCommandSpec().usageMessage().footer())
                        .filteredOn(line -> line.startsWith("  "))
                        .allMatch(line -> line.length() <= 80));
    }

    private static Stream<CommandLine> allCommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpIT::allCommands));
    }

    @Test
    void listsTheCommandsInGroups() {
        assertThat(playground.sluice("help").succeeded().lines())
                .containsSubsequence(
                        "Try it:", "Run:", "Look:", "Keys and recovery:", "Keep house:", "Common options:");
    }

    /** As a wrong call: a script that comes here lacks an argument. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--queue q"})
    void printsTheHelpAsAnErrorWithoutACommand(String flags) {
        Ran bare = playground.sluice(flags.isEmpty() ? new String[0] : flags.split(" ", -1));

        assertThat(bare.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bare.out()).isEmpty();
        assertThat(bare.err()).isEqualTo(playground.sluice("--help").out());
    }

    @ParameterizedTest
    @CsvSource({"validate,check", "decrypt,unmask", "tail,peek"})
    void knowsCommandsByTheNamesThatPeopleTry(String alias, String command) {
        assertThat(playground.sluice(alias, "--help").succeeded().out())
                .isEqualTo(playground.sluice(command, "--help").out());
        assertThat(playground.sluice("help").lines()).noneMatch(line -> line.startsWith("  " + alias));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help transmogrify", "help keys transmogrify", "help run fast"})
    void hasNoHelpForACommandThatThereIsNot(String call) {
        assertThat(playground.sluice(call.split(" ", -1)).refused(ExitCode.USAGE))
                .contains("has no command of this name");
    }

    @Test
    void listsTheCommandsAndTheExitCodes() {
        Ran help = playground.sluice("--help").succeeded();

        assertThat(help.out())
                .contains("demo", "run", "send", "peek", "show", "duplicates", "doctor", "migrate", "keys")
                .contains("quarantine", "config", "completion", "Exit codes: 0 done");
    }

    @Test
    void printsItsVersion() {
        assertThat(playground.sluice("version").succeeded().out())
                .isEqualTo(playground.sluice("--version").out());
        assertThat(playground.sluice("--version").succeeded().out()).startsWith("sluice 0.");
    }

    @Test
    void printsACompletionScriptThatBashUnderstands() throws IOException, InterruptedException {
        Path script = playground.write(
                "completion.bash", playground.sluice("completion").succeeded().out());

        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$1\"; COMP_WORDS=(sluice quarantine ''); COMP_CWORD=2; COMP_LINE='sluice quarantine ';"
                                + " _complete_sluice; echo \"${COMPREPLY[@]}\"",
                        "-",
                        script.toString())
                .redirectErrorStream(true)
                .start();
        String offered = new String(bash.getInputStream().readAllBytes(), UTF_8);

        assertThat(bash.waitFor()).as(offered).isZero();
        assertThat(offered).contains("list", "show");
    }
}
