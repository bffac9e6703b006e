package dev.sluice.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Summary;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    /** Whatever the number, one field included. */
    @Test
    void countsDroppedFieldsInWordsThatFitEveryNumber() {
        Summary summary = new Summary(10, 9, 0, 1, 0, 1, Duration.ofSeconds(60));

        assertThat(RunProgress.line(summary, 1))
                .isEqualTo("So far received 10 = stored 9 + duplicates 0 + quarantined 1 + released 0, in 60.0 s;"
                        + " fields dropped because no column names them: 1.");
    }
}
