package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/sluice} starts the JVM with, seen by a program that takes the JVM's place. */
class LauncherIT {

    @Test
    void startsAJvmThatDumpsNeitherHeapNorCore(@TempDir Path folder) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("sluice"));
        Path launcher = Files.createDirectories(home.resolve("bin")).resolve("sluice");
        Files.copy(Path.of(System.getProperty("user.dir")).resolve("../bin/sluice"), launcher);
        Files.createDirectories(home.resolve("lib"));
        Path jdk = folder.resolve("jdk");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
        Files.writeString(java, "#!/bin/sh\nulimit -c\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));

        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "ulimit -S -c unlimited 2>/dev/null; exec sh \"$0\" run", launcher.toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().remove("SLUICE_JAVA_OPTS");
        Process started = builder.start();
        List<String> lines = started.inputReader(StandardCharsets.UTF_8).lines().toList();

        assertThat(started.waitFor()).isZero();
        assertThat(lines).first().as("ulimit -c").isEqualTo("0");
        assertThat(lines)
                .contains("-XX:-CreateCoredumpOnCrash", "-XX:-HeapDumpOnOutOfMemoryError", "dev.sluice.Main", "run");
    }
}
