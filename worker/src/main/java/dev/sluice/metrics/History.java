package dev.sluice.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a worker did over a span, in equal steps, oldest first. Lives in memory: it begins with the worker.
 *
 * @param step the length of a step
 * @param points one per step that is over; a step before the start has none, so the first may be younger than the span
 */
public record History(Duration step, List<Point> points) {

    /** How far back. */
    public enum Span {
        /** In steps of five seconds. */
        QUARTER_HOUR(Duration.ofMinutes(15), Duration.ofSeconds(5)),
        /** In steps of five minutes. */
        DAY(Duration.ofHours(24), Duration.ofMinutes(5));

        private final Duration length;
        private final Duration step;

        Span(Duration length, Duration step) {
            this.length = length;
            this.step = step;
        }

        /** From the oldest step's beginning to now. */
        public Duration length() {
            return length;
        }

        /** Of one point. */
        public Duration step() {
            return step;
        }
    }

    /**
     * One step.
     *
     * @param at its end
     * @param perSecond mean rates
     * @param eventAge of the records stored in it
     * @param visible the queue's count as last read in it; -1 when it was not read
     */
    public record Point(Instant at, Status.Rates perSecond, Status.Quantiles eventAge, long visible) {}
}
