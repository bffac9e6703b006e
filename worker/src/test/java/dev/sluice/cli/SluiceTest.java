package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.cli.command.Console;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SluiceTest {

    private final Sluice sluice = newSluice();
    private final CommandLine command = sluice.commandLine();

    @Test
    void hasAnOptionForEverySettingThatNamesAFlag() {
        assertThat(Arrays.stream(Setting.values()).map(Setting::flag).filter(Objects::nonNull))
                .allSatisfy(flag ->
                        assertThat(command.getCommandSpec().findOption(flag)).isNotNull());
    }

    /** To build all commands takes longer than most of them work. */
    @Test
    void buildsOnlyTheCommandThatIsNamedFirst() {
        Map<String, CommandLine> all = command.getSubcommands();

        for (Map.Entry<String, CommandLine> each : all.entrySet()) {
            CommandSpec spec = each.getValue().getCommandSpec();
            boolean isClass = !(spec.userObject() instanceof Method);
            if (isClass && each.getKey().equals(spec.name()) && !each.getKey().equals("help")) {
                Map<String, CommandLine> built =
                        newSluice().commandLine(each.getKey(), "--help").getSubcommands();
                assertThat(built.values())
                        .as(each.getKey())
                        .filteredOn(one -> !(one.getCommandSpec().userObject() instanceof Method))
                        .containsOnly(built.get(each.getKey()));
                assertThat(Objects.requireNonNull(built.get(each.getKey())).getUsageMessage())
                        .isEqualTo(each.getValue().getUsageMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "help run", "--help", "--output json run", "decrypt", "completion", "rnu", "RUN"})
    void buildsAllCommandsWhereAnotherCouldBeMeant(String args) {
        assertThat(newSluice().commandLine(args.split(" ", -1)).getSubcommands())
                .hasSameSizeAs(command.getSubcommands());
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
                "--consumers=3",
                "--batch-messages=4",
                "--health-port=0",
                "--health-address=::1",
                "--console-port=off",
                "--console-address=::1",
                "--console-tokens-file=t",
                "--report-field-names",
                "--log-level=warn");

        Map<Setting, String> flags = sluice.flags();

        assertThat(flags)
                .containsEntry(Setting.ENDPOINT, "e")
                .containsEntry(Setting.INSECURE_AWS_HTTP, "true")
                .containsEntry(Setting.CONSUMERS, "3");
        Settings settings = sluice.settings();
        assertThat(Setting.values())
                .filteredOn(setting -> setting.flag() != null)
                .allSatisfy(setting -> assertThat(settings.origin(setting)).isEqualTo("flag " + setting.flag()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--consumers=3", "--lanes=3", "--lanes=4 --consumers=3", "run --consumers=3 --lanes=4"})
    void takesAFormerFlagUnlessTheNewOneIsGiven(String flags) {
        command.parseArgs(flags.split(" ", -1));

        assertThat(sluice.settings().run().consumers()).isEqualTo(3);
    }

    @Test
    void showsNoFormerFlagInHelp() {
        assertThat(command.getUsageMessage()).contains("--consumers").doesNotContain("lanes");
    }

    @Test
    void forgetsTheFlagsOfAnEarlierCall() {
        command.parseArgs("run", "--queue=q", "--insecure-aws-http");
        command.parseArgs("run");

        assertThat(sluice.flags()).isEmpty();
    }

    @Test
    void takesOnlyTheFlagsThatASandboxAllows() {
        command.parseArgs("--pipeline=user-logins");

        Settings settings = sluice.settings(Map.of("SLUICE_KEYS", "sandbox"), Set.of(Setting.PIPELINE));

        assertThat(settings.text(Setting.KEYS)).isEqualTo("sandbox");
        assertThat(settings.origin(Setting.PIPELINE)).isEqualTo("flag --pipeline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--queue=q", "--keys=k", "--endpoint-url=e", "--consumers=3", "--config=f"})
    void refusesFlagsThatWouldLeadOutOfASandbox(String flag) {
        command.parseArgs(flag);

        assertThatExceptionOfType(CommandLine.ParameterException.class)
                .isThrownBy(() -> sluice.settings(Map.of(), Set.of(Setting.PIPELINE)))
                .withMessage(flag.substring(0, flag.indexOf('=')) + " has no meaning for this command");
    }

    private static Sluice newSluice() {
        return new Sluice(
                new Console(new ByteArrayInputStream(new byte[0]), discarding(), discarding(), Map.of(), false));
    }

    private static PrintStream discarding() {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }
}
