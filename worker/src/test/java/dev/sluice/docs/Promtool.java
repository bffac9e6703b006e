package dev.sluice.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus's own checks, where it is installed. */
final class Promtool {

    private Promtool() {}

    static boolean isInstalled() throws InterruptedException {
        try {
            return start("--version").waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** Passes when promtool finds no fault. */
    static void accepts(String command, String what, Path file) throws IOException, InterruptedException {
        Process process = start(command, what, file.toString());
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }
}
