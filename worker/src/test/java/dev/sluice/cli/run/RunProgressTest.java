package dev.sluice.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.State;
import dev.sluice.pipeline.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Summary SUMMARY = new Summary(10, 9, 0, 1, 0, 1, Duration.ofSeconds(60));

    private static Status status(Quantiles age, @Nullable QueueDepth depth, Map<String, Long> reasons) {
        return new Status(
                "0.1.0",
                "user-logins",
                "login-queue",
                "user_logins",
                NOW,
                NOW,
                State.RUNNING,
                NOW,
                null,
                null,
                2,
                new Outcomes(9, 0, 1, 0),
                new Rates(1.25, 0, 0, 0),
                Map.of(),
                age,
                new InFlight(0, 0),
                depth,
                null,
                reasons,
                NOW,
                new Pool(0, 3));
    }

    /** Whatever the number, one field included. */
    @Test
    void saysInOneLineHowTheRunGoes() {
        Status now = status(new Quantiles(0.25, 2.04), new QueueDepth(7, 0, 0, null, NOW), Map.of("invalid-ip", 1L));

        assertThat(RunProgress.line(SUMMARY, 1, now))
                .isEqualTo("So far received 10 = stored 9 + duplicates 0 + quarantined 1 + released 0, in 60.0 s;"
                        + " fields dropped because no column names them: 1; running, 1.3 stored per second,"
                        + " age p50 0.3 s, p99 2.0 s, backlog 7; quarantined: invalid-ip 1.");
    }

    @Test
    void saysWhatIsNotKnown() {
        assertThat(RunProgress.line(SUMMARY, 0, status(new Quantiles(null, null), null, Map.of())))
                .endsWith(" age p50 unknown, p99 unknown, backlog unknown.");
    }
}
