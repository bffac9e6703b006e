package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that nobody can read: the disk is full, or the reader has gone. */
class LostOutputIT {

    private static final String SENTENCE =
            "results could not be written to standard output; what the command did is done";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "completion", "config show", "config show --output json", "show"})
    void endsWith74AndOneSentence(String call) {
        Playground playground = Playground.ready(folder);

        String refusal =
                playground.sluiceInto(FullDisk.STREAM, call.split(" ", -1)).refused(ExitCode.OUTPUT);

        assertThat(refusal).isEqualTo("sluice: " + SENTENCE + "\n");
    }

    @Test
    void keepsTheCodeOfACommandThatFailed() {
        Playground playground = Playground.empty(folder);

        Ran run = playground.sluiceInto(FullDisk.STREAM, "doctor");

        assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(run.err()).contains(SENTENCE);
    }

    @Test
    void doesTheWorkOfARunWhoseSummaryIsLost() {
        Playground playground = Playground.ready(folder);
        playground.send(Events.logins(3));

        Ran run = playground.sluiceInto(FullDisk.STREAM, "run", "--until-empty");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OUTPUT);
        assertThat(playground.count("user_logins")).isEqualTo(3);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void seesThatTheDeviceIsFull() throws Exception {
        Process process = Playground.empty(folder)
                .process("config", "show")
                .redirectOutput(new File("/dev/full"))
                .start();

        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8)).contains(SENTENCE);
        assertThat(process.waitFor()).isEqualTo(ExitCode.OUTPUT);
    }

    /** The convention of {@code | head}: who stops reading has what he wanted. */
    @Test
    void endsQuietlyWhenTheReaderClosesThePipe() throws Exception {
        Process process = Playground.empty(folder).process("config", "show").start();
        process.getInputStream().close();

        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor()).isEqualTo(ExitCode.READER_GONE);
    }
}
