package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container may run under a user id that /etc/passwd does not know, which initdb refuses. Only root can take one. */
class NamelessUserIT {

    private static final String ID = "43210";

    private Path folder;

    @BeforeEach
    void ownAFolder() throws IOException, InterruptedException {
        assumeThat(output("id", "-u")).isEqualTo("0");
        assumeThat(output("sh", "-c", "command -v setpriv")).isNotEmpty();
        assumeThat(output("sh", "-c", "id -un " + ID + " 2>/dev/null")).isEmpty();
        folder = Files.createTempDirectory("sluice-test-");
    }

    @Test
    void startsInAUserNamespace() throws IOException, InterruptedException {
        assumeThat(output("setpriv", "--reuid=" + ID, "--clear-groups", "unshare", "-U", "echo", "yes"))
                .isEqualTo("yes");
        PostgresBinaries.unpack(folder);

        assertThat(serve("")).isEqualTo("ready");
    }

    @Test
    void saysWhatToDoWhereNamespacesAreForbidden() throws IOException, InterruptedException {
        Path denied = Files.createDirectory(folder.resolve("denied"));
        Files.writeString(denied.resolve("unshare"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(denied.resolve("unshare"), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(serve(denied + ":")).isEqualTo("failed");
    }

    /** The script's answer to a port; when that is a refusal, after proof that its log gives the reason. */
    private String serve(String path) throws IOException, InterruptedException {
        output("chown", "-R", ID + ":" + ID, folder.toString());
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "sh", "-c"));
        command.addAll(List.of(PostgresBinaries.script(), "sluice-postgres", folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().merge("PATH", path, (inherited, first) -> first + inherited);
        Process script = builder.start();
        try (Writer in = script.outputWriter();
                BufferedReader out = script.inputReader()) {
            in.write("secret\n" + freePort() + "\n");
            in.flush();
            String answer = out.readLine();
            if (answer.equals("failed")) {
                assertThat(Files.readString(folder.resolve("start.log")))
                        .contains("user id " + ID + " has no entry in /etc/passwd", "run as a user with an entry");
            }
            return answer;
        } finally {
            script.waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return output;
    }
}
