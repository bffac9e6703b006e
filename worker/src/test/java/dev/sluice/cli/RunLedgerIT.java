package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLedgerIT {

    /** ElasticMQ's queues keep messages for four days, as SQS's do unless told otherwise. */
    @Test
    void keepsKeysTwoDaysLongerThanTheQueueKeepsMessages(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);

        Ran run = playground.sluice("run", "--until-empty").succeeded();

        assertThat(run.err()).doesNotContain("does not tell");
        assertThat(playground.query("SELECT ledger || ' ' || days FROM sluice.ledger_horizon"))
                .containsExactly("message 6");
    }
}
