package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.cli.command.Console;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SluiceTest {

    private final Sluice sluice =
            new Sluice(new Console(new ByteArrayInputStream(new byte[0]), discarding(), discarding(), Map.of(), false));
    private final CommandLine command = new CommandLine(sluice);

    @Test
    void hasAnOptionForEverySettingThatNamesAFlag() {
        assertThat(Arrays.stream(Setting.values()).map(Setting::flag).filter(Objects::nonNull))
                .allSatisfy(flag ->
                        assertThat(command.getCommandSpec().findOption(flag)).isNotNull());
    }

    @Test
    void takesEveryFlagIntoTheSettings() {
        command.parseArgs(
                "--pipeline=p",
                "--queue=q",
                "--keys=k",
                "--region=r",
                "--endpoint-url=e",
                "--insecure-database-tls",
                "--insecure-aws-http",
                "--lanes=3",
                "--batch-messages=4",
                "--log-level=warn");

        Settings settings = sluice.settings();

        assertThat(Setting.values())
                .filteredOn(setting -> setting.flag() != null)
                .allSatisfy(setting -> assertThat(settings.origin(setting)).isEqualTo("flag " + setting.flag()));
    }

    @Test
    void takesOnlyTheFlagsThatASandboxAllows() {
        command.parseArgs("--pipeline=user-logins");

        Settings settings = sluice.settings(Map.of("SLUICE_KEYS", "sandbox"), Set.of(Setting.PIPELINE));

        assertThat(settings.text(Setting.KEYS)).isEqualTo("sandbox");
        assertThat(settings.origin(Setting.PIPELINE)).isEqualTo("flag --pipeline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--queue=q", "--keys=k", "--endpoint-url=e", "--lanes=3", "--config=f"})
    void refusesFlagsThatWouldLeadOutOfASandbox(String flag) {
        command.parseArgs(flag);

        assertThatExceptionOfType(CommandLine.ParameterException.class)
                .isThrownBy(() -> sluice.settings(Map.of(), Set.of(Setting.PIPELINE)))
                .withMessage(flag.substring(0, flag.indexOf('=')) + " has no meaning for this command");
    }

    private static PrintStream discarding() {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }
}
