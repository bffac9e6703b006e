package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DockerfileTest {

    /** Each instruction on one line, without comments. */
    private final List<String> instructions = DeployFile.text("Dockerfile")
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();

    private final List<String> runtime = instructions.subList(
            instructions.indexOf(all("FROM").get(all("FROM").size() - 1)), instructions.size());

    @Test
    void pinsBothImagesByDigest() {
        assertThat(all("FROM"))
                .hasSize(2)
                .allMatch(from -> from.matches("FROM [\\w./-]+:[\\w.-]+@sha256:[0-9a-f]{64}( AS \\w+)?"));
    }

    @Test
    void startsAsAUserWithoutRightsAndWithoutAShell() {
        assertThat(runtime).contains("USER 65532:65532", "STOPSIGNAL SIGTERM");
        assertThat(runtime).noneMatch(line -> line.startsWith("RUN"));
        assertThat(runtime.stream().filter(line -> line.matches("(ENTRYPOINT|CMD) .*")))
                .hasSize(2)
                .allMatch(line -> line.matches("\\w+ \\[\".*\"]"));
        assertThat(runtime)
                .anyMatch(line ->
                        line.startsWith("HEALTHCHECK") && line.contains("CMD [") && line.endsWith("\"health\"]"));
    }

    @Test
    void copiesOnlyFromTheBuildAndFetchesNothing() {
        assertThat(all("ADD")).isEmpty();
        assertThat(runtime.stream().filter(line -> line.startsWith("COPY")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("COPY --from=build "));
        assertThat(instructions).noneMatch(line -> line.matches(".*\\b(curl|wget|apt-get|sudo)\\b.*"));
    }

    @Test
    void takesNoSecretAndTrainsWithoutANetwork() {
        assertThat(all("ARG")).allMatch(line -> line.matches("ARG (VERSION|REVISION)=\\w+"));
        assertThat(all("ENV")).containsExactly("ENV LANG=C.UTF-8 container=oci");
        assertThat(all("RUN")).anyMatch(line -> line.startsWith("RUN --network=none deploy/container/assemble "));
    }

    @Test
    void namesItselfByTheLabelsOfTheOpenContainerInitiative() {
        assertThat(String.join("\n", all("LABEL")))
                .contains(
                        "org.opencontainers.image.title=",
                        "org.opencontainers.image.licenses=\"Apache-2.0\"",
                        "org.opencontainers.image.version=",
                        "org.opencontainers.image.revision=");
    }

    /** The launcher and the image start the same JVM: what protects keys and data must not differ. */
    @Test
    void givesTheJvmWhatTheLauncherGivesIt() {
        List<String> options = DeployFile.text("deploy/container/java.options")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertThat(options)
                .contains("-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-XX:-HeapDumpOnOutOfMemoryError");
        assertThat(DeployFile.text("bin/sluice")
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("options=\""))
                        .flatMap(
                                line -> List.of(line.replaceAll("options=\"(\\$options )?|\"", "")
                                                .split(" "))
                                        .stream())
                        .filter(option -> !option.startsWith("-Dsluice.interactive")))
                .isNotEmpty()
                .allMatch(options::contains);
    }

    @Test
    void sendsTheBuildOnlyWhatItReads() {
        List<String> ignored = DeployFile.text(".dockerignore").lines().toList();

        assertThat(ignored).contains("*", "**/target", "**/*.keys.json");
        assertThat(ignored.stream().filter(line -> line.startsWith("!")))
                .isNotEmpty()
                .allMatch(line -> Files.exists(DeployFile.ROOT.resolve(Objects.requireNonNull(line.substring(1)))));
    }

    private List<String> all(String instruction) {
        return instructions.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .toList();
    }
}
