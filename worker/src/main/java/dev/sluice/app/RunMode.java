package dev.sluice.app;

import com.cronutils.model.Cron;
import com.cronutils.model.time.ExecutionTime;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.StopRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a run ends by itself. */
public sealed interface RunMode {

    /** Runs the lanes as this mode says; blocks until it is over or {@code stop} was asked. */
    void run(Consumers lanes, Source source, ShutdownSignal stop);

    /** Until somebody asks to stop. */
    record Continuous() implements RunMode {
        @Override
        public void run(Consumers lanes, Source source, ShutdownSignal stop) {
            lanes.run(StopRules.never());
        }
    }

    /** Until the queue is really empty: nothing visible, in flight or delayed, in three looks. */
    record UntilEmpty() implements RunMode {
        @Override
        public void run(Consumers lanes, Source source, ShutdownSignal stop) {
            lanes.run(StopRules.whenEmpty(source));
        }
    }

    /** @param count batches that held something, at least 1 */
    record Batches(long count) implements RunMode {
        @Override
        public void run(Consumers lanes, Source source, ShutdownSignal stop) {
            lanes.run(StopRules.afterBatches(count));
        }
    }

    /** @param duration from now, positive */
    record For(Duration duration) implements RunMode {
        @Override
        public void run(Consumers lanes, Source source, ShutdownSignal stop) {
            // A lane that waits out an outage asks no rule; it hears a stop.
            Thread.ofVirtual().name("deadline").start(() -> {
                if (!stop.await(duration)) {
                    stop.request();
                }
            });
            lanes.run(StopRules.after(duration, InstantSource.system()));
        }
    }

    /**
     * At the times of a cron expression, in UTC, each time until the queue is empty. A time that passes during a run is
     * skipped, not made up for.
     *
     * @param clock tells the time; it may step, and the machine may sleep
     */
    record Scheduled(Cron cron, InstantSource clock) implements RunMode {

        private static final Logger LOG = LoggerFactory.getLogger(RunMode.class);

        /** Waits go by a clock that stands still while the machine sleeps, so the time is looked at now and then. */
        private static final Duration LOOK = Duration.ofMinutes(1);

        /** By the system's clock. */
        public Scheduled(Cron cron) {
            this(cron, InstantSource.system());
        }

        @Override
        public void run(Consumers lanes, Source source, ShutdownSignal stop) {
            while (!stop.isRequested()) {
                ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
                Optional<ZonedDateTime> next = ExecutionTime.forCron(cron).nextExecution(now);
                if (next.isEmpty()) {
                    LOG.info("The schedule {} has no further time: done.", cron.asString());
                    return;
                }
                LOG.info("Next run at {}.", next.get());
                if (!stopsBefore(next.get().toInstant(), stop)) {
                    lanes.run(StopRules.whenEmpty(source));
                }
            }
        }

        /** Never early by the clock: the same time would come next once more. */
        private boolean stopsBefore(Instant time, ShutdownSignal stop) {
            Duration left = Duration.between(clock.instant(), time);
            while (left.isPositive()) {
                if (stop.await(left.compareTo(LOOK) < 0 ? left : LOOK)) {
                    return true;
                }
                left = Duration.between(clock.instant(), time);
            }
            return stop.isRequested();
        }
    }
}
