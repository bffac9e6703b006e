package dev.sluice.spark;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Spark's own cluster manager: a master and two workers of one core each, processes that Spark's jars start. */
final class StandaloneCluster implements AutoCloseable {

    private final Path folder;
    private final String master;
    private final List<Process> processes = new ArrayList<>();

    StandaloneCluster(Path folder) throws IOException {
        this.folder = Files.createDirectory(folder.resolve("cluster"));
        int port = freePort();
        this.master = "spark://127.0.0.1:" + port;
        start("master", "master.Master", "--port", Integer.toString(port), "--webui-port", "0");
        for (String name : List.of("worker-0", "worker-1")) {
            start(name, "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", master);
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.readString(log("worker-0")).contains("Successfully registered with master")
                        && Files.readString(log("worker-1")).contains("Successfully registered with master"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, String program, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--host", "127.0.0.1"));
        all.addAll(List.of(arguments));
        Map<String, String> environment = Map.of(
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_WORKER_DIR",
                Files.createDirectory(folder.resolve(name)).toString());
        processes.add(Application.java(
                folder,
                name + ".log",
                Map.of(),
                environment,
                "org.apache.spark.deploy." + program,
                all.toArray(String[]::new)));
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** The address that {@code spark-submit --master} takes. */
    String master() {
        return master;
    }

    /** The process of one of the workers, 0 or 1. */
    Process worker(int number) {
        return processes.get(number + 1);
    }

    /** The executor that a worker has started. */
    ProcessHandle executorOf(int worker) {
        return Application.javaBelow(worker(worker)).get(0);
    }

    /** Ends what is left of it, executors first: those of a killed worker end by themselves. */
    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
