package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ConfirmationTest {

    @Command
    private static final class Destroy {
        @Mixin
        private Confirmation confirmation;
    }

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"1a2b\n", " 1a2b \r\nmore", "1a2b"})
    void acceptsTheExpectedAnswerOnATerminal(String typed) {
        assertThatCode(() -> require(true, typed)).doesNotThrowAnyException();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("Destroy it? Type 1a2b: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "yes\n", "1A2B\n", "1a2b and more than anyone would type"})
    void refusesEveryOtherAnswer(String typed) {
        assertThatThrownBy(() -> require(true, typed))
                .isInstanceOf(ParameterException.class)
                .hasMessage("not confirmed; nothing was changed");
    }

    @Test
    void refusesWithoutATerminal() {
        assertThatThrownBy(() -> require(false, "1a2b\n"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--yes");
        assertThat(err.size()).isZero();
    }

    @Test
    void asksNothingWithYes() {
        assertThatCode(() -> require(false, "", "--yes")).doesNotThrowAnyException();
        assertThat(err.size()).isZero();
    }

    private void require(boolean interactive, String typed, String... args) {
        Destroy command = new Destroy();
        new CommandLine(command).parseArgs(args);
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                stream,
                stream,
                Map.of(),
                interactive);
        command.confirmation.require(console, () -> "Destroy it?", "1a2b");
    }
}
