package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusDocumentTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final Quantiles NONE = new Quantiles(null, null);

    private static final Status OPEN = new Status(
            "0.1.0",
            "user-logins",
            "login-queue",
            "public.user_logins",
            NOW,
            NOW.minusSeconds(90),
            State.CIRCUIT_OPEN,
            NOW.minusSeconds(7),
            "could not connect \"at\" once",
            NOW.plusSeconds(2),
            2,
            new Outcomes(1, 2, 3, 4),
            new Rates(1.5, 0, 0.25, 0),
            stages(new Quantiles(0.001, 2.5)),
            new Quantiles(0.1, 0.4),
            new InFlight(12, 3_456),
            new QueueDepth(7, 8, 9, 61.5, NOW),
            5L,
            Map.of("invalid-ip", 2L),
            NOW.minusSeconds(8),
            new Pool(1, 3));

    private static final Status FRESH = new Status(
            "0.1.0",
            "user-logins",
            "login-queue",
            "public.user_logins",
            NOW,
            NOW,
            State.STARTING,
            NOW,
            null,
            null,
            2,
            new Outcomes(0, 0, 0, 0),
            new Rates(0, 0, 0, 0),
            stages(NONE),
            NONE,
            new InFlight(0, 0),
            null,
            null,
            Map.of(),
            null,
            new Pool(0, 3));

    private static Map<Stage, Quantiles> stages(Quantiles each) {
        Map<Stage, Quantiles> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            stages.put(stage, each);
        }
        return stages;
    }

    @Test
    void readsWhatItWrites() {
        assertThat(StatusDocument.read(StatusDocument.write(OPEN))).contains(OPEN);
        assertThat(StatusDocument.read(StatusDocument.write(FRESH))).contains(FRESH);
    }

    @Test
    void writesTheNamesThatTheConsoleReads() {
        assertThat(StatusDocument.write(OPEN))
                .contains("\"state\":\"circuit_open\"")
                .contains("\"since\":\"2026-03-01T11:59:53.250Z\"")
                .contains("\"per_second\":{\"stored\":1.5,")
                .contains("\"stages\":{\"receive\":{\"p50\":0.001,\"p99\":2.5}")
                .contains("\"in_flight\":{\"records\":12,\"bytes\":3456}")
                .contains("\"queue_depth\":{\"visible\":7,\"in_flight\":8,\"delayed\":9,\"oldest_age_seconds\":61.5,")
                .contains("\"quarantined_by_reason\":{\"invalid-ip\":2}")
                .contains("\"pool\":{\"active\":1,\"max\":3}");
        assertThat(StatusDocument.write(FRESH))
                .contains("\"queue_depth\":null,\"dead_letters\":null")
                .contains("\"because\":null,\"next_try_at\":null")
                .contains("\"event_age\":{\"p50\":null,\"p99\":null}");
    }

    @Test
    void ignoresWhatANewerWorkerAdds() {
        String newer = StatusDocument.write(OPEN).replaceFirst("\\{", "{\"added\":[{\"later\":true}],");

        assertThat(StatusDocument.read(newer)).contains(OPEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "null",
                "{\"version\":1}",
                "{\"version\":\"0.1.0\"} {}",
                "[[[[[[[[[[[[[[[[[[[[",
                "{\"a\":1,\"a\":2}"
            })
    void readsNothingElse(String text) {
        assertThat(StatusDocument.read(text)).isEmpty();
        assertThat(HistoryDocument.read(text)).isEmpty();
    }

    @Test
    void refusesADocumentWithOneMemberOfAnotherType() {
        String document = StatusDocument.write(OPEN);

        for (String broken : List.of(
                document.replace("\"circuit_open\"", "\"asleep\""),
                document.replace("\"consumers\":2", "\"consumers\":99999999999"),
                document.replace("\"consumers\":2", "\"consumers\":\"2\""),
                document.replace("\"now\":\"2026", "\"now\":\"year"),
                document.replace("\"receive\":", "\"got\":"),
                document.replace("\"in_flight\":{", "\"in_flight\":[{}],\"was\":{"))) {
            assertThat(broken).isNotEqualTo(document);
            assertThat(StatusDocument.read(broken)).as(broken).isEmpty();
        }
    }

    @Test
    void readsTheHistoryThatItWrites() {
        History history = new History(
                Duration.ofSeconds(5),
                List.of(
                        new History.Point(NOW, new Rates(1, 2, 3, 4), new Quantiles(0.5, 1.5), 12),
                        new History.Point(NOW.plusSeconds(5), new Rates(0, 0, 0, 0), NONE, -1)));

        String document = HistoryDocument.write(history);

        assertThat(document).startsWith("{\"step_seconds\":5,\"points\":[{\"at\":\"2026-03-01T12:00:00.250Z\",");
        assertThat(document).endsWith("\"event_age\":{\"p50\":null,\"p99\":null},\"visible\":null}]}");
        assertThat(HistoryDocument.read(document)).contains(history);
    }
}
