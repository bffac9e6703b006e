package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ColorMode;
import dev.sluice.cli.command.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColorIT {

    private static final String ESCAPE = "\u001b[";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    auto   | true  | TERM=xterm                                 | true
                    auto   | false | TERM=xterm                                 | false
                    auto   | true  | TERM=dumb                                  | false
                    auto   | true  |                                            | false
                    auto   | true  | TERM=xterm NO_COLOR=1                      | false
                    auto   | true  | TERM=xterm NO_COLOR=                       | true
                    auto   | false | CLICOLOR_FORCE=1                           | true
                    auto   | false | CLICOLOR_FORCE=0                           | false
                    auto   | true  | TERM=xterm CLICOLOR_FORCE=1 NO_COLOR=1     | false
                    always | false | NO_COLOR=1                                 | true
                    never  | true  | TERM=xterm CLICOLOR_FORCE=1                | false
                    """)
    void followsTheFlagThenTheEnvironmentThenTheTerminal(
            ColorMode mode, boolean interactive, String environment, boolean expected) {
        Map<String, String> variables = environment == null
                ? Map.of()
                : Arrays.stream(environment.split(" "))
                        .map(variable -> variable.split("=", -1))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());

        assertThat(mode.isOn(new Console(InputStream.nullInputStream(), nowhere, nowhere, variables, interactive)))
                .isEqualTo(expected);
    }

    @Test
    void colorsVerdictsErrorsAndHelp() {
        Playground playground = Playground.empty(folder);

        Ran doctor = playground.sluice("doctor", "--color", "always");

        assertThat(doctor.out()).contains(ESCAPE + "32mpass", ESCAPE + "31mfail");
        assertThat(playground.sluice("peek", "--color=always").err())
                .startsWith(ESCAPE + "31msluice:" + ESCAPE + "0m ");
        assertThat(playground.sluice("--help", "--color", "always").out())
                .contains(ESCAPE + "1mTry it:")
                .doesNotContain("\\u{1b}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config show --output json", "config show --output csv", "doctor --output json", "doctor"})
    void colorsNothingForPrograms(String call) {
        Playground playground = Playground.empty(folder);

        String color = call.contains("output") ? " --color always" : "";

        assertThat(playground.sluice((call + color).split(" ")).out())
                .isNotEmpty()
                .doesNotContain("\u001b");
    }
}
