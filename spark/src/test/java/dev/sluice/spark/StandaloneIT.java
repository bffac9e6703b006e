package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.KeyInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both jobs on a standalone cluster, whose executors and workers are killed. */
@Tag("chaos")
class StandaloneIT {

    /** Leaves half of a worker's memory to a second executor, in place of one that was killed. */
    private static final String EXECUTOR_MEMORY = "512m";

    private StandaloneCluster cluster;
    private Application application;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        cluster = new StandaloneCluster(folder);
        application = new Application(folder, cluster.master());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.executor.memory", EXECUTOR_MEMORY);
        application.environment().forEach((name, value) -> settings.put("spark.executorEnv." + name, value));
        return settings;
    }

    @Test
    void backfillsAlthoughAnExecutorAndThenAWorkerAreKilled() throws Exception {
        Archive archive = new Archive(application);
        archive.add("a.ndjson", 0, 60_000, 60);
        archive.slowDown();
        Process driver = archive.start(settings(), "1");
        archive.awaitWork();

        Application.signal(cluster.executorOf(0), "KILL");
        Application.signal(cluster.worker(1).toHandle(), "KILL");

        application.ended(driver, 0);
        archive.assertExact(59_940, 60);
        assertThat(archive.backfill(0, settings(), "1"))
                .contains("\"stored\":59940,\"quarantined\":60,\"complete\":true");
        archive.assertExact(59_940, 60);
    }

    @Test
    void rewrapsAlthoughAnExecutorAndThenAWorkerAreKilled() throws Exception {
        MaskedLogins logins = new MaskedLogins(application);
        int users = 20_000;
        logins.insert(0, users);
        logins.slowDown();
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        application.rotate(MaskedLogins.DEVICE);
        Process driver = application.start(settings(), "rewrap");
        logins.awaitWork(ip.hexId());

        Application.signal(cluster.executorOf(0), "KILL");
        Application.signal(cluster.worker(1).toHandle(), "KILL");

        assertThat(application.ended(driver, 0)).contains("\"complete\":true,\"rows\":" + users + ",");
        logins.assertRewrapped(users);
        assertThat(application.run(0, settings(), "rewrap")).contains("\"complete\":true,\"rows\":0,");
    }
}
