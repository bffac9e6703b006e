package dev.sluice.app;

import com.cronutils.model.Cron;
import com.cronutils.model.time.ExecutionTime;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.StopRule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a run ends without a shutdown request. */
@FunctionalInterface
public interface RunMode {

    /** Runs the consumers in this mode. Blocks until the run ends or {@code stop} is requested. */
    void run(Consumers consumers, Source source, ShutdownSignal stop);

    /** Only a shutdown request ends it. */
    static RunMode continuous() {
        return (consumers, source, stop) -> consumers.run(StopRule.never());
    }

    /** Until the queue is empty: three checks find nothing visible, in flight or delayed. */
    static RunMode untilEmpty() {
        return (consumers, source, stop) -> consumers.run(StopRule.whenEmpty(source));
    }

    /** @param count batches with at least one message, at least 1 */
    static RunMode batches(long count) {
        return (consumers, source, stop) -> consumers.run(StopRule.afterBatches(count));
    }

    /** @param duration from now, positive */
    static RunMode lasting(Duration duration) {
        return (consumers, source, stop) -> {
            // A consumer that waits out an outage checks no rule, but responds to a shutdown request.
            Thread.ofVirtual().name("deadline").start(() -> {
                if (!stop.await(duration)) {
                    stop.request();
                }
            });
            consumers.run(StopRule.after(duration, InstantSource.system()));
        };
    }

    /** At the times of a cron expression, in UTC, each time until the queue is empty. */
    static RunMode scheduled(Cron cron) {
        return new Scheduled(cron, InstantSource.system());
    }

    /**
     * A time that passes during a run is skipped, not made up for.
     *
     * @param clock may step, and the machine may sleep
     */
    record Scheduled(Cron cron, InstantSource clock) implements RunMode {

        private static final Logger LOG = LoggerFactory.getLogger(RunMode.class);

        /** Waits use a clock that stops while the machine sleeps, so the time is checked at this interval. */
        private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

        @Override
        public void run(Consumers consumers, Source source, ShutdownSignal stop) {
            while (!stop.isRequested()) {
                ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
                Optional<ZonedDateTime> next = ExecutionTime.forCron(cron).nextExecution(now);
                if (next.isEmpty()) {
                    LOG.info("The schedule {} has no further time: done.", cron.asString());
                    return;
                }
                LOG.info("Next run at {}.", next.get());
                if (!isStoppedBefore(next.get().toInstant(), stop)) {
                    consumers.run(StopRule.whenEmpty(source));
                }
            }
        }

        /** Never returns early by the clock, because the schedule would give the same time again. */
        private boolean isStoppedBefore(Instant time, ShutdownSignal stop) {
            Duration left = Duration.between(clock.instant(), time);
            while (left.isPositive()) {
                if (stop.await(left.compareTo(CHECK_INTERVAL) < 0 ? left : CHECK_INTERVAL)) {
                    return true;
                }
                left = Duration.between(clock.instant(), time);
            }
            return stop.isRequested();
        }
    }
}
