package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bin/sluice} starts the JVM with, seen by a program that takes the JVM's place. */
class LauncherIT {

    @TempDir
    private Path folder;

    @Test
    void startsAJvmThatDumpsNeitherHeapNorCore() throws Exception {
        Path launcher = installed("sluice");

        List<String> lines = lines(
                Map.of(), "sh", "-c", "ulimit -S -c unlimited 2>/dev/null; exec sh \"$0\" run", launcher.toString());

        assertThat(lines).first().as("ulimit -c").isEqualTo("0");
        assertThat(lines)
                .contains("-XX:-CreateCoredumpOnCrash", "-XX:-HeapDumpOnOutOfMemoryError", "dev.sluice.Main", "run");
    }

    /** {@code make install} makes such a link; people make others. */
    @Test
    void findsItselfThroughLinksBlanksAndOtherAlphabets() throws Exception {
        Path launcher = installed("mój sluice");
        Path bin = Files.createDirectories(folder.resolve("usr local/bin"));
        Files.createSymbolicLink(bin.resolve("first"), launcher);
        Files.createSymbolicLink(bin.resolve("second"), Path.of("first"));
        Path last = Files.createSymbolicLink(folder.resolve("sluice"), Path.of("usr local/bin/../bin/second"));

        assertThat(lines(Map.of(), "sh", last.toString(), "run"))
                .contains(folder.toRealPath().resolve("mój sluice") + "/lib/*");
    }

    /** Java takes the encoding of paths and arguments from the locale; C has only ASCII. */
    @ParameterizedTest
    @CsvSource({"LC_ALL,C,C.UTF-8", "LANG,POSIX,C.UTF-8", "LC_ALL,de_DE.UTF-8,de_DE.UTF-8"})
    void readsPathsInUtf8UnderTheLocaleC(String variable, String value, String expected) throws Exception {
        List<String> lines =
                lines(Map.of(variable, value), "sh", installed("sluice").toString(), "run");

        assertThat(lines).contains("locale " + expected);
    }

    private Path installed(String name) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Path launcher = Files.createDirectories(home.resolve("bin")).resolve("sluice");
        Files.copy(Path.of(System.getProperty("user.dir")).resolve("../bin/sluice"), launcher);
        Files.createDirectories(home.resolve("lib"));
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"21.0.1\"\n");
        Files.writeString(java, "#!/bin/sh\nulimit -c\necho \"locale ${LC_ALL:-$LC_CTYPE}\"\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return launcher;
    }

    private List<String> lines(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().keySet().removeAll(List.of("SLUICE_JAVA_OPTS", "LC_ALL", "LC_CTYPE", "LANG"));
        builder.environment().putAll(environment);
        Process started = builder.start();
        List<String> lines = started.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(started.waitFor()).isZero();
        return lines;
    }
}
