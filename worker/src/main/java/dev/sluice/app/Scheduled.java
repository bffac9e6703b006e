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

/**
 * Runs at the times of a cron expression, in UTC. A time that passes during a run is skipped, not made up for.
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
