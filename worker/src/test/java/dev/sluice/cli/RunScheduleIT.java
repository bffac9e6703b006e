package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunScheduleIT {

    /** The next minute is 60 s away at most; the rest is for a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void runsAtTheTimesOfTheScheduleAndEndsWhenTerminated(@TempDir Path folder)
            throws IOException, InterruptedException {
        Playground playground = Playground.ready(folder);
        playground.send(Events.logins(3));
        Process run = playground.start("run", "--schedule", "* * * * *", "--output", "json");

        await().atMost(PATIENCE).until(() -> playground.count("user_logins") == 3);
        run.destroy();

        Ran ended = playground.ended(run).succeeded();
        assertThat(ended.err()).contains("Next run at ");
        assertThat(ended.lastLine()).startsWith("{\"received\":3,\"stored\":3,");
    }
}
