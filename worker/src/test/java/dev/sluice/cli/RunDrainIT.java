package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.pipeline.Source.Depth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDrainIT {

    /** A long poll takes 20 s at most; the rest is for a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void storesOrLeavesEveryMessageWhenTerminatedAndBalancesTheBooks() throws IOException, InterruptedException {
        List<String> bodies = Events.logins(2_000);
        Process run = playground.set("SLUICE_BATCH_MESSAGES", "20").start("run", "--output", "json");
        int sent = send(bodies, 0, 200);
        await().atMost(PATIENCE).until(() -> playground.count("user_logins") > 0);

        run.destroy();
        // Messages go on coming, which also ends the open long polls.
        while (run.isAlive() && sent < bodies.size()) {
            sent = send(bodies, sent, 20);
        }
        Ran ended = playground.ended(run);

        long stored = playground.count("user_logins");
        ended.succeeded();
        assertThat(ended.err()).containsOnlyOnce("sluice: draining");
        assertThat(ended.lastLine())
                .startsWith("{\"received\":" + stored + ",\"stored\":" + stored
                        + ",\"duplicates\":0,\"quarantined\":0,\"released\":0,");
        assertThat(playground.depth()).isEqualTo(new Depth(sent - stored, 0, 0));
        assertThat(playground.query("SELECT DISTINCT user_id FROM user_logins")).hasSize(Math.toIntExact(stored));
    }

    private int send(List<String> bodies, int from, int count) {
        int to = Math.min(bodies.size(), from + count);
        playground.send(bodies.subList(from, to));
        return to;
    }
}
