package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Wire;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The row of the fault matrix in which the peers of the worker's own ports are at fault. */
@Execution(ExecutionMode.CONCURRENT)
class PortFaultsIT {

    private static final int VISIBILITY_SECONDS = 30;
    private static final int STUCK_PER_PORT = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Socket> stuck = new ArrayList<>();

    @Test
    void row34_stuckConnectionsOnBothPortsDuringADatabaseOutage() throws IOException {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.set("SLUICE_HEALTH_PORT", "0").set("SLUICE_CONSOLE_PORT", "0");
            rig.send(50);
            WorkerProcess worker = rig.run();
            int health = port(worker, "health");
            int console = port(worker, "console");
            await().atMost(PATIENCE).until(() -> status(health, "/readyz") == 200);
            stick(health);
            stick(console);

            rig.send(50);
            await().atMost(PATIENCE).until(() -> rig.rows() == 100);
            assertThat(status(health, "/livez")).isEqualTo(200);
            assertThat(status(console, "/nothing")).isEqualTo(404);

            rig.database().down();
            rig.send(50);
            await().atMost(PATIENCE)
                    .until(() ->
                            status(health, "/readyz") == 503 && circuit(health).endsWith(" 1.0"));
            assertThat(status(health, "/livez")).isEqualTo(200);
            assertThat(Wire.get(health, "/status").body()).contains("\"state\":\"circuit_open\"");

            rig.database().up();
            await().atMost(PATIENCE).until(() -> rig.rows() == 150 && status(health, "/readyz") == 200);
            assertThat(circuit(health)).endsWith(" 0.0");

            stick(health);
            worker.signal("TERM");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 150).check();
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    private static int port(WorkerProcess worker, String name) {
        Pattern listens = Pattern.compile("The " + name + " port listens on 127\\.0\\.0\\.1:(\\d+)\\.");
        Matcher found = await().atMost(PATIENCE).until(() -> listens.matcher(worker.output()), Matcher::find);
        return Integer.parseInt(found.group(1));
    }

    private void stick(int port) throws IOException {
        for (int i = 0; i < STUCK_PER_PORT; i++) {
            Socket socket = Wire.connect(port);
            stuck.add(socket);
            Wire.send(socket, StuckPeers.BEGINNINGS.get(i % StuckPeers.BEGINNINGS.size()));
        }
    }

    private static int status(int port, String path) throws IOException {
        return Wire.get(port, path).status();
    }

    private static String circuit(int port) throws IOException {
        return Wire.get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("sluice_circuit_open"))
                .findFirst()
                .orElse("");
    }
}
