package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeysException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class ErrorReportTest {

    private static final String CANARY = "canary 192.0.2.77";

    @Command
    private static final class Any {}

    private final CommandLine command = new CommandLine(new Any());
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ErrorReport report =
            new ErrorReport(new PrintStream(err, true, StandardCharsets.UTF_8), () -> false, () -> LogFormat.TEXT);

    @ParameterizedTest
    @CsvSource({"TRANSIENT,69", "NOT_PERMITTED,77", "CONFIG,78", "FATAL,1"})
    void tellsWhatTheQueueOrTheDatabaseDidInOurWords(Kind kind, int exitCode) {
        assertThat(handle(new InfrastructureException(kind, "our words"))).isEqualTo(exitCode);
        assertThat(err.toString(StandardCharsets.UTF_8).strip()).isEqualTo("sluice: our words");
    }

    @Test
    void tellsWhatIsWrongWithSettingsAndKeys() {
        assertThat(handle(new SettingsException(List.of("one", "two")))).isEqualTo(78);
        assertThat(handle(new KeysException("no keys"))).isEqualTo(78);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("sluice: one", "two", "sluice: no keys");
    }

    @Test
    void tellsWhatIsWrongWithTheCommand() {
        ParameterException wrong = new ParameterException(command, "N must be at least 1");

        assertThat(report.handleParseException(wrong, new String[0])).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "sluice: N must be at least 1",
                        "See " + command.getCommandSpec().qualifiedName() + " --help.");
    }

    @Test
    void showsOfAnyOtherFailureClassAndPlaceButNoMessage() {
        Exception suppressed = new IllegalArgumentException(CANARY);
        Exception failure = new IllegalStateException(CANARY, new RuntimeException(CANARY, new Error(CANARY)));
        failure.addSuppressed(suppressed);

        assertThat(handle(failure)).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .doesNotContain("canary")
                .contains("unexpected java.lang.IllegalStateException", "caused by java.lang.Error", "ErrorReportTest");
    }

    private int handle(Exception failure) {
        return report.handleExecutionException(failure, command, command.parseArgs());
    }
}
