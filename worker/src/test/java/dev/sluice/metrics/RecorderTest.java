package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.metrics.History.Span;
import dev.sluice.metrics.Reading.Read;
import dev.sluice.metrics.Recorder.Sample;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.pipeline.Source.Depth;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Duration elapsed = Duration.ZERO;
    private long stored;
    private @Nullable Read<Depth> depth;
    private final Distribution ages = new Distribution();
    private final Recorder recorder = new Recorder(this::sample);

    private Sample sample() {
        return new Sample(
                START.plus(elapsed), elapsed.toNanos(), new Outcomes(stored, 0, 0, 0), Map.of(), ages.counts(), depth);
    }

    private void step(Duration time, long records) {
        elapsed = elapsed.plus(time);
        stored += records;
        recorder.tick();
    }

    @Test
    void hasOnePointPerStepWithItsOwnRateAndAge() {
        ages.add(Duration.ofSeconds(1).toNanos());
        step(Duration.ofSeconds(5), 10);
        step(Duration.ofSeconds(5), 0);

        History history = recorder.history(Span.QUARTER_HOUR);

        assertThat(history.points()).hasSize(2);
        assertThat(history.points().getFirst().at()).isEqualTo(START.plusSeconds(5));
        assertThat(history.points().getFirst().perSecond().stored()).isEqualTo(2);
        assertThat(history.points().getFirst().eventAge().p50()).isCloseTo(1, within(0.05));
        assertThat(history.points().getLast().perSecond().stored()).isZero();
        assertThat(history.points().getLast().eventAge().p50()).isNull();
    }

    @Test
    void showsTheDepthInTheStepInWhichItWasRead() {
        depth = new Read<>(new Depth(7, 0, 0), START.plusSeconds(3));
        step(Duration.ofSeconds(5), 0);
        step(Duration.ofSeconds(5), 0);

        assertThat(recorder.history(Span.QUARTER_HOUR).points())
                .extracting(History.Point::visible)
                .containsExactly(7L, -1L);
    }

    @Test
    void leavesAGapWhereNothingWasMeasured() {
        step(Duration.ofSeconds(5), 5);
        step(Duration.ofMinutes(3), 900);
        step(Duration.ofSeconds(5), 10);

        assertThat(recorder.history(Span.QUARTER_HOUR).points())
                .extracting(point -> point.perSecond().stored())
                .containsExactly(1.0, 2.0);
    }

    @Test
    void keepsAQuarterOfAnHourAndADay() {
        IntStream.range(0, 24 * 720 + 720).forEach(i -> step(Duration.ofSeconds(5), 5));

        assertThat(recorder.history(Span.QUARTER_HOUR).points()).hasSize(180);
        History day = recorder.history(Span.DAY);
        assertThat(day.points()).hasSize(288);
        assertThat(day.points())
                .allSatisfy(point -> assertThat(point.perSecond().stored()).isCloseTo(1, within(0.001)));
    }

    @Test
    void givesRatesOfTheLastFifteenSecondsAndQuantilesOfTheLastMinute() {
        ages.add(Duration.ofHours(1).toNanos());
        IntStream.range(0, 30).forEach(i -> step(Duration.ofSeconds(5), 50));
        assertThat(recorder.recent().perSecond().stored()).isEqualTo(10);
        assertThat(recorder.recent().eventAge().p50()).isNull();

        IntStream.range(0, 3).forEach(i -> step(Duration.ofSeconds(5), 0));
        assertThat(recorder.recent().perSecond().stored()).isZero();
    }
}
