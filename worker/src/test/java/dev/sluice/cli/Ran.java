package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.util.List;

/**
 * What a command left on a terminal.
 *
 * @param exitCode as the shell would see it
 * @param out standard output
 * @param err standard error, log lines included
 */
record Ran(int exitCode, String out, String err) {

    List<String> lines() {
        return out.lines().toList();
    }

    String lastLine() {
        return lines().getLast();
    }

    Ran succeeded() {
        assertThat(exitCode).as(err).isEqualTo(ExitCode.DONE);
        return this;
    }

    /**
     * What the command says of its refusal, after proof that it says it once and without a stack trace. A sentence may
     * be followed by indented lines, a list of problems.
     */
    String refused(int expectedExitCode) {
        assertThat(exitCode).as(err).isEqualTo(expectedExitCode);
        assertThat(err).doesNotContain("Exception").doesNotContainPattern("(?m)^\\s+at ");
        List<String> complaints =
                err.lines().filter(line -> line.startsWith("sluice: ")).toList();
        assertThat(complaints).as(err).hasSize(1);
        return err.substring(err.indexOf("sluice: "));
    }
}
