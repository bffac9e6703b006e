package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                    send              | Sends the lines of a file to the queue
                    peek              | Shows messages of the queue as masked rows, and returns them
                    show              | Shows the table
                    duplicates        | Shows masked values that several users share
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
                    config            | Shows the configuration
                    config show       | Shows every setting, its value and where it comes from
                    completion        | Prints a completion script
                    """)
    void describesEachCommand(String command, String what) {
        String[] call = (command + " --help").split(" ", -1);

        Ran help = playground.sluice(call).succeeded();

        assertThat(help.out())
                .contains(what, "Usage: sluice " + command, "--output")
                .as("a description of its own, not the program's")
                .doesNotContain("Then, with your queue and database");
        assertThat(help.err()).isEmpty();
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
