package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
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
                "--lanes=3",
                "--batch-messages=4",
                "--log-level=warn");

        Settings settings = sluice.settings();

        assertThat(Setting.values())
                .filteredOn(setting -> setting.flag() != null)
                .allSatisfy(setting -> assertThat(settings.origin(setting)).isEqualTo("flag " + setting.flag()));
    }

    @Test
    void letsNoFlagLeadTheDemoOutOfItsSandbox() {
        command.parseArgs(
                "--pipeline=user-logins", "--queue=q", "--keys=k", "--endpoint-url=e", "--config=/no/such/file");

        Settings settings =
                sluice.sandboxed(Map.of("SLUICE_KEYS", "sandbox", "AWS_ENDPOINT_URL_SQS", "http://sandbox"));

        assertThat(settings.text(Setting.KEYS)).isEqualTo("sandbox");
        assertThat(settings.text(Setting.ENDPOINT)).isEqualTo("http://sandbox");
        assertThat(settings.text(Setting.QUEUE)).isNull();
        assertThat(settings.origin(Setting.PIPELINE)).isEqualTo("flag --pipeline");
    }

    private static PrintStream discarding() {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }
}
