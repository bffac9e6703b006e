package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.metrics.StatusDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopCommandTest {

    @Test
    void printsALinePerWorkerWhereNobodyLooks() {
        try (HealthPort good = HealthPort.of(Statuses.running());
                HealthPort bad = HealthPort.answering(404, "")) {
            Called top =
                    Called.sluice("top", "--count", "2", "--every", "100ms", "--url", good.url(), "--url", bad.url());

            assertThat(top.exitCode()).isZero();
            assertThat(top.out()).doesNotContain("\u001b");
            assertThat(top.lines()).hasSize(4);
            assertThat(top.lines().getFirst())
                    .endsWith("  " + good.address().label()
                            + "  running, stored 412/s, age p99 410 ms, waiting 1,204, in flight 4,096, quarantined 3");
            assertThat(top.lines().getLast())
                    .contains(bad.address().label() + "  no answer: the answer is HTTP status 404");
        }
    }

    @Test
    void printsTheDocumentsForPrograms() {
        try (HealthPort good = HealthPort.of(Statuses.running());
                HealthPort bad = HealthPort.answering(404, "")) {
            Called top =
                    Called.sluice("top", "--count", "1", "--output", "json", "--url", good.url(), "--url", bad.url());

            assertThat(StatusDocument.read(top.lines().getFirst())).contains(Statuses.running());
            assertThat(top.lines().getLast())
                    .startsWith("{\"url\":\"" + bad.url() + "/status\",\"error\":\"the answer");
        }
    }

    @ParameterizedTest
    @CsvSource({"--every,99ms,--every must be at least 100ms", "--count,0,--count must be at least 1"})
    void refusesWhatWouldBeNoWatch(String option, String value, String sentence) {
        Called refused = Called.sluice("top", option, value);

        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains(sentence);
    }
}
