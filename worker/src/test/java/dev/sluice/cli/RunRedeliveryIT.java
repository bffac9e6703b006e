package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Source.Depth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same messages, delivered again after their rows were committed. */
class RunRedeliveryIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void makesNoSecondRowOfMessagesThatComeAgain() throws IOException {
        List<String> bodies = new ArrayList<>(Events.logins(9));
        bodies.add(Events.BAD);
        playground.send(bodies);
        try (ForgetfulSqs forgetful = new ForgetfulSqs(Playground.sqsEndpoint())) {
            playground.set("AWS_ENDPOINT_URL_SQS", forgetful.endpoint().toString());
            Ran first = playground.sluice("run", "--max-batches", "1").succeeded();
            assertThat(first.lastLine())
                    .startsWith("received 10 = stored 9 + duplicates 0 + quarantined 1 + released 0");
        }
        assertThat(playground.depth()).as("all came back").isEqualTo(new Depth(10, 0, 0));
        List<String> rows = playground.query("SELECT t::text FROM user_logins t");

        playground.set("AWS_ENDPOINT_URL_SQS", Playground.sqsEndpoint().toString());
        Ran second = playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(second.lastLine()).startsWith("received 10 = stored 0 + duplicates 10 + quarantined 0 + released 0");
        assertThat(playground.query("SELECT t::text FROM user_logins t"))
                .hasSize(9)
                .isEqualTo(rows);
        assertThat(playground.count("sluice.quarantine")).isEqualTo(1);
        assertThat(playground.depth()).isEqualTo(new Depth(0, 0, 0));
    }

    @Test
    void storesMessagesThatWereReceivedBeforeButNeverStored() {
        playground.send(Events.logins(5));
        playground.sluice("peek", "5").succeeded();
        playground.sluice("peek", "5").succeeded();

        Ran run = playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(run.lastLine()).startsWith("received 5 = stored 5 + duplicates 0 ");
        assertThat(playground.count("user_logins")).isEqualTo(5);
    }

    @Test
    void takesEqualBodiesOfTwoMessagesForTwoEvents() {
        playground.send(List.of(Events.logins(1).getFirst(), Events.logins(1).getFirst()));

        playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(2);
        assertThat(playground.query("SELECT DISTINCT masked_ip FROM user_logins"))
                .hasSize(1);
    }
}
