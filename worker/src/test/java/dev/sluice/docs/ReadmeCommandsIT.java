package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ShortProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's commands as they stand there, as processes of their own, from the repository's root. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReadmeCommandsIT {

    private static final Document README = Document.read("README.md");

    private final Path folder;
    private final Path temporary;

    ReadmeCommandsIT(@TempDir Path folder) {
        this.folder = folder;
        this.temporary = folder.resolve("tmp");
    }

    /** PostgreSQL runs as another account where root has no namespaces: it must be able to pass. */
    @BeforeEach
    void prepareFolders() throws IOException {
        Files.createDirectory(temporary);
        for (Path passed : List.of(folder, temporary)) {
            Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Path mvn = Files.writeString(
                folder.resolve("mvn"), "#!/bin/sh\necho 'the jars are older than the sources' >&2\nexit 1\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatIsToBeTriedWorksAndLeavesNothing() throws Exception {
        List<String> commands = commands("## Try it");

        assertThat(commands).contains("bin/sluice demo");
        for (String command : commands) {
            String output = run(command, Map.of());
            assertThat(lastLine(output))
                    .as(command)
                    .containsPattern(
                            command.contains("--output json")
                                    ? "^\\{\"received\":100,\"stored\":99,\"duplicates\":0,\"quarantined\":1,\"released\":0,"
                                    : "^received (100 = stored 99|13 = stored 11) \\+ duplicates 0 \\+ quarantined [12]");
            assertNothingIsLeft(command);
        }
    }

    @Test
    void theFiveMinutesWorkOnAnotherQueueAndDatabase() throws Exception {
        try (LoginSandbox sandbox = LoginSandbox.start(folder)) {
            for (String command : commands("## Five minutes with your own queue")) {
                String output = run(command, sandbox.environment());
                if (command.contains("run --until-empty")) {
                    assertThat(lastLine(output)).startsWith("received 2 = stored 1 + duplicates 0 + quarantined 1");
                }
            }
        }
    }

    @Test
    void theBuildServerCallsTheCommandThatTheReadmeNames() throws IOException {
        assertThat(README.lines()).anyMatch(line -> line.matches(" {4}mvn verify( .*)?"));
        assertThat(Files.readAllLines(Document.root().resolve(".ci/run"))).contains("exec mvn verify");
    }

    /** Every line of the runnable blocks; the settings are replaced by the test's own. */
    private static List<String> commands(String heading) {
        return README.section(heading).blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("export "))
                .toList();
    }

    /** Standard output, after the command has ended with 0. */
    private String run(String command, Map<String, String> environment) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(Document.root().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.matches("(SLUICE|AWS|PG).*"));
        variables.putAll(environment);
        variables.put("PATH", folder + ":" + variables.get("PATH"));
        // Training takes longer than it would save here.
        variables.put("SLUICE_CLASS_CACHE", "off");
        variables.put("SLUICE_JAVA_OPTS", ShortProcess.javaOptions("-Djava.io.tmpdir=" + temporary));
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(command).isTrue();
        String told = Files.readString(err);
        assertThat(told)
                .as("bin/sluice found jars older than the sources; run mvn clean verify")
                .doesNotContain("sluice: building", "cannot be rebuilt");
        assertThat(process.exitValue()).as("%s%n%s", command, told).isZero();
        return Files.readString(out);
    }

    private void assertNothingIsLeft(String command) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).as("files left by %s", command).isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().command().orElse(""))
                        .filter(program -> program.startsWith(temporary.toString())))
                .as("processes left by %s", command)
                .isEmpty();
    }

    private static String lastLine(String output) {
        return output.lines().reduce("", (earlier, later) -> later);
    }
}
