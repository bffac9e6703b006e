package dev.sluice.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The soak against an SQS that is not the one used in development: moto's server, if it is on the PATH. It takes most of a
 * second for a call and hands one message to two receivers at once, so the counts are small.
 */
@Tag("chaos")
class MotoIT {

    private static final int MESSAGES = 1_000;

    @TempDir
    private Path folder;

    @Test
    void row07_killSoakOnMoto() throws IOException {
        Optional<Path> program = onPath("moto_server");
        assumeTrue(program.isPresent(), "moto_server is not on the PATH: the soak on a second SQS is skipped");
        int port = freePort();
        Process moto = new ProcessBuilder(
                        program.orElseThrow().toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("moto.out").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> answers(port));
            play(URI.create("http://127.0.0.1:" + port));
        } finally {
            moto.descendants().forEach(ProcessHandle::destroy);
            moto.destroy();
        }
    }

    private void play(URI endpoint) {
        try (Rig rig = Rig.on(endpoint, folder, 20).set("SLUICE_BATCH_MESSAGES", "50")) {
            new Soak(7_404, 8, MESSAGES).play(rig, "TERM");
            Checker.of(rig, MESSAGES).check();
        }
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
