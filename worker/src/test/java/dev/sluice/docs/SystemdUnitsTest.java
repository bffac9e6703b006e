package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.config.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit files of {@code deploy/systemd}: by the rules of this program, and by systemd's own checks where it is installed. */
class SystemdUnitsTest {

    private static final Path FOLDER = Document.root().resolve("deploy/systemd");
    private static final String SERVICE = "sluice.service";
    private static final String BATCH = "sluice.service.d/batch.conf";
    private static final String TIMER = "sluice.timer";

    /** Of operate.md: what a supervisor has to grant at least. */
    private static final int LONGEST_DRAIN_SECONDS = 60;

    /** systemd rates from 0 (closed) to 10 (exposed); without any of the settings it is 9.6. */
    private static final String WORST_EXPOSURE = "20";

    @Test
    void aDrainHasTheTimeItNeeds() {
        assertThat(Integer.parseInt(value(SERVICE, "TimeoutStopSec"))).isGreaterThan(LONGEST_DRAIN_SECONDS);
        assertThat(value(SERVICE, "KillSignal")).isEqualTo("SIGTERM");
        assertThat(String.join(
                        "\n",
                        Document.read("docs/operate.md").section("## Stop").lines()))
                .contains("grace period to " + LONGEST_DRAIN_SECONDS + " s");
    }

    @Test
    void onlyWhatMayPassByItselfIsRestarted() {
        assertThat(value(SERVICE, "Restart")).isEqualTo("on-failure");
        assertThat(value(SERVICE, "RestartPreventExitStatus").split(" ")).containsExactly("2", "77", "78");
        assertThat(value(SERVICE, "StartLimitIntervalSec")).isEqualTo("0");
    }

    @Test
    void everyVariableIsASettingAndNoSecretIsInTheUnit() {
        List<String> known = Stream.concat(
                        Setting.allVariables(), Stream.of("SLUICE_CONFIG", "AWS_SHARED_CREDENTIALS_FILE"))
                .toList();
        List<String> secrets = Arrays.stream(Setting.values())
                .filter(Setting::isSecret)
                .flatMap(setting -> setting.variables().stream())
                .toList();
        List<String> set = values(SERVICE, "Environment").stream()
                .map(assignment -> assignment.split("=", 2)[0])
                .toList();

        assertThat(set).contains("SLUICE_DATABASE_URL_FILE").isSubsetOf(known).doesNotContainAnyElementsOf(secrets);
        assertThat(values(SERVICE, "LoadCredential"))
                .map(credential -> "%d/" + credential.split(":", 2)[0])
                .allSatisfy(file -> assertThat(values(SERVICE, "Environment")).anyMatch(line -> line.endsWith(file)));
    }

    @Test
    void everyCommandIsOneOfTheProgram() {
        String help = InProcess.run(java.util.Map.of(), "run", "--help").out();

        for (String file : List.of(SERVICE, BATCH)) {
            String[] command = values(file, "ExecStart").getLast().split(" ");
            assertThat(command).startsWith("/opt/sluice/bin/sluice", "run");
            assertThat(Arrays.stream(command).filter(word -> word.startsWith("--")))
                    .allMatch(help::contains);
        }
        assertThat(values(BATCH, "ExecStart")).as("the first empties the list").startsWith("");
        assertThat(value(BATCH, "Type")).isEqualTo("oneshot");
    }

    @Test
    void systemdAcceptsTheServiceAndTheJob(@TempDir Path folder) throws IOException, InterruptedException {
        requireSystemd();
        Path service = copy(folder);
        assertThat(analyze(folder, "verify", "--man=no", service.toString())).isEmpty();

        Path dropIn = folder.resolve(BATCH);
        Files.createDirectories(dropIn.getParent());
        Files.writeString(dropIn, text(BATCH).replace("/opt/sluice/bin/sluice", "/bin/true"));
        Path timer = Files.copy(FOLDER.resolve(TIMER), folder.resolve(TIMER));
        assertThat(analyze(folder, "verify", "--man=no", service.toString(), timer.toString()))
                .isEmpty();
    }

    @Test
    void systemdFindsTheServiceWellConfined(@TempDir Path folder) throws IOException, InterruptedException {
        requireSystemd();
        copy(folder);

        String report =
                analyze(folder, "security", "--offline=yes", "--threshold=" + WORST_EXPOSURE, "--no-pager", SERVICE);
        assertThat(report).endsWith("exit code 0\n");
    }

    private static void requireSystemd() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
    }

    /** With a program that exists: systemd looks for it. */
    private static Path copy(Path folder) throws IOException {
        return Files.writeString(folder.resolve(SERVICE), text(SERVICE).replace("/opt/sluice/bin/sluice", "/bin/true"));
    }

    /** What it printed, empty if that and its exit code are as they should be. */
    private static String analyze(Path folder, String... args) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(Stream.of("/usr/bin/systemd-analyze"), Arrays.stream(args))
                        .toList());
        builder.environment().put("SYSTEMD_UNIT_PATH", folder + ":");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        return text.isEmpty() && exitCode == 0 ? "" : text + "exit code " + exitCode + "\n";
    }

    private static String value(String file, String key) {
        assertThat(values(file, key)).as(key).hasSize(1);
        return values(file, key).getFirst();
    }

    private static List<String> values(String file, String key) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    private static String text(String file) {
        return String.join("\n", Document.read("deploy/systemd/" + file).lines()) + "\n";
    }
}
