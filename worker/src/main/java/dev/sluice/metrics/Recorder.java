package dev.sluice.metrics;

import dev.sluice.metrics.History.Point;
import dev.sluice.metrics.History.Span;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What happened lately, from copies of counts that only grow: one copy every five seconds. Where the copies stopped (the
 * machine slept), the history has a gap. Holds half a megabyte at most. Thread-safe.
 */
final class Recorder {

    private static final Duration RATE_WINDOW = Duration.ofSeconds(15);
    private static final Duration QUANTILE_WINDOW = Duration.ofMinutes(1);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<Sample> sampler;
    private final Deque<Sample> recent = new ArrayDeque<>();
    private final Series quarterHour = new Series(Span.QUARTER_HOUR);
    private final Series day = new Series(Span.DAY);

    /** @param sampler copies the counts; calls nobody who blocks */
    Recorder(Supplier<Sample> sampler) {
        this.sampler = sampler;
        tick();
    }

    /**
     * The counts at one time, since the start.
     *
     * @param at the wall clock
     * @param nanos the clock for durations
     * @param depth the queue's counts as last read; null while they cannot be read
     */
    record Sample(
            Instant at,
            long nanos,
            Outcomes records,
            Map<Stage, Distribution.Counts> stages,
            Distribution.Counts eventAge,
            Reading.@Nullable Read<Source.Depth> depth) {

        /** The count of what waits, if it was read after that time, else -1. */
        long visibleSince(Instant time) {
            return depth != null && depth.at().isAfter(time) ? depth.value().visible() : -1;
        }
    }

    /** What status shows of the recent past. */
    record Recent(Rates perSecond, Map<Stage, Quantiles> stages, Quantiles eventAge) {}

    /** Called every {@link Span#step} of the shorter span. */
    synchronized void tick() {
        Sample now = sampler.get();
        recent.addLast(now);
        while (age(recent.getFirst(), now) > QUANTILE_WINDOW.toNanos()) {
            recent.removeFirst();
        }
        quarterHour.add(now);
        day.add(now);
    }

    /** Rates over fifteen seconds and quantiles over a minute, both up to this moment. */
    synchronized Recent recent() {
        Sample now = sampler.get();
        Sample minuteAgo = recent.getFirst();
        Map<Stage, Quantiles> stages = new EnumMap<>(Stage.class);
        now.stages()
                .forEach((stage, counts) -> stages.put(
                        stage, counts.since(minuteAgo.stages().getOrDefault(stage, Distribution.Counts.NONE))));
        return new Recent(rates(rateBase(now), now), stages, now.eventAge().since(minuteAgo.eventAge()));
    }

    private Sample rateBase(Sample now) {
        return recent.stream()
                .filter(sample -> age(sample, now) <= RATE_WINDOW.toNanos())
                .findFirst()
                .orElseGet(recent::getLast);
    }

    synchronized History history(Span span) {
        return switch (span) {
            case QUARTER_HOUR -> quarterHour.history();
            case DAY -> day.history();
        };
    }

    private static long age(Sample earlier, Sample later) {
        return later.nanos() - earlier.nanos();
    }

    private static Rates rates(Sample from, Sample to) {
        double seconds = Math.max(1, age(from, to)) / NANOS_PER_SECOND;
        return new Rates(
                (to.records().stored() - from.records().stored()) / seconds,
                (to.records().duplicate() - from.records().duplicate()) / seconds,
                (to.records().quarantined() - from.records().quarantined()) / seconds,
                (to.records().released() - from.records().released()) / seconds);
    }

    /** The points of one span. Guarded by the recorder. */
    private static final class Series {

        /** A tick comes a little early or late. */
        private static final double TOLERANCE = 0.1;

        private final Span span;
        private final Deque<Point> points = new ArrayDeque<>();
        private @Nullable Sample from;

        Series(Span span) {
            this.span = span;
        }

        void add(Sample now) {
            Sample begin = from;
            if (begin == null) {
                from = now;
                return;
            }
            double steps = (double) age(begin, now) / span.step().toNanos();
            if (steps < 1 - TOLERANCE) {
                return;
            }
            if (steps < 2) {
                points.addLast(new Point(
                        now.at(),
                        rates(begin, now),
                        now.eventAge().since(begin.eventAge()),
                        now.visibleSince(begin.at())));
            }
            while (points.size() > span.length().dividedBy(span.step())) {
                points.removeFirst();
            }
            from = now;
        }

        History history() {
            return new History(span.step(), List.copyOf(points));
        }
    }
}
