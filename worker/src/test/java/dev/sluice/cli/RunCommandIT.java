package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Source.Depth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandIT {

    private static final Depth EMPTY = new Depth(0, 0, 0);

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void movesTheSampleToTheTableUntilTheQueueIsEmpty() {
        playground.send(Events.sample());

        Ran run = playground.sluice("run", "--until-empty", "--output", "json").succeeded();

        assertThat(run.lastLine())
                .matches("\\{\"received\":100,\"stored\":99,\"duplicates\":0,\"quarantined\":1,\"released\":0,"
                        + "\"seconds\":\\d+\\.\\d+\\}");
        assertThat(playground.count("user_logins")).isEqualTo(99);
        assertThat(playground.query("SELECT reason || ' ' || column_name FROM sluice.quarantine"))
                .containsExactly("missing user_id");
        assertThat(playground.depth()).isEqualTo(EMPTY);
    }

    @Test
    void losesNoneOfNineGoodMessagesToABadOneAmongThem() {
        List<String> bodies = new ArrayList<>(Events.logins(9));
        bodies.add(4, "this is not JSON");
        playground.send(bodies);

        Ran run = playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(run.lastLine())
                .startsWith("received 10 = stored 9 + duplicates 0 + quarantined 1 + released 0, in ");
        assertThat(playground.query("SELECT DISTINCT user_id FROM user_logins")).hasSize(9);
        assertThat(playground.query("SELECT reason FROM sluice.quarantine")).containsExactly("not-json");
        assertThat(playground.depth()).isEqualTo(EMPTY);
    }

    @Test
    void endsAfterAsManyBatchesAsAsked() {
        playground.set("SLUICE_BATCH_MESSAGES", "10").send(Events.logins(50));

        Ran run = playground.sluice("run", "--max-batches", "2").succeeded();

        long stored = playground.count("user_logins");
        assertThat(stored).isBetween(2L, 20L);
        assertThat(run.lastLine()).startsWith("received " + stored + " = stored " + stored + " ");
        assertThat(playground.depth()).isEqualTo(new Depth(50 - stored, 0, 0));
    }

    @Test
    void endsOnceTheTimeIsOver() {
        playground.send(Events.logins(3));

        Ran run = playground.sluice("run", "--for", "1s").succeeded();

        assertThat(run.lastLine()).startsWith("received 3 = stored 3 ");
        assertThat(playground.count("user_logins")).isEqualTo(3);
        assertThat(playground.depth()).isEqualTo(EMPTY);
    }

    @Test
    void createsWhatIsMissingWhenAsked() {
        playground.execute("DROP SCHEMA sluice CASCADE; DROP TABLE user_logins");
        playground.send(Events.logins(3));

        playground.sluice("run", "--migrate", "--max-batches", "1").succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(3);
        assertThat(playground.count("sluice.ledger")).isEqualTo(3);
    }

    @Test
    void createsTheTableAsTheExerciseHasItAndOnlyOnce() {
        String repeated = playground.sluice("migrate").succeeded().out();

        assertThat(repeated).contains("Schema sluice is current.", "Table user_logins already exists.");
        assertThat(playground.query("SELECT column_name || ' ' || data_type || coalesce('(' ||"
                        + " character_maximum_length || ')', '') FROM information_schema.columns"
                        + " WHERE table_name = 'user_logins' ORDER BY ordinal_position"))
                .containsExactly(
                        "user_id character varying(128)",
                        "device_type character varying(32)",
                        "masked_ip character varying(256)",
                        "masked_device_id character varying(256)",
                        "locale character varying(32)",
                        "app_version integer",
                        "create_date date");
    }

    @Test
    void takesAQueueUrlInTheFormOfLocalStack() {
        playground.send(Events.logins(2));
        playground.set("SLUICE_QUEUE", Playground.sqsEndpoint() + "/000000000000/" + playground.queue);

        playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(2);
    }
}
