package dev.sluice.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Summary;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunCommandTest {

    private final Summary summary = new Summary(1234567, 1234000, 500, 60, 7, 3, Duration.ofMillis(61_250));

    @Test
    void printsTheSummaryWithPlainDigitsInEveryLocale() {
        assertThat(RunCommand.text(summary))
                .matches("received 1234567 = stored 1234000 \\+ duplicates 500 \\+ quarantined 60 \\+ released 7, in"
                        + " 61\\.[23] s");
    }

    @Test
    void printsTheDocumentedJsonKeysAndNoOthers() {
        assertThat(RunCommand.json(summary).toString())
                .isEqualTo("{\"received\":1234567,\"stored\":1234000,\"duplicates\":500,\"quarantined\":60,"
                        + "\"released\":7,\"seconds\":61.25}");
    }
}
