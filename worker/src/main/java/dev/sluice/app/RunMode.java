package dev.sluice.app;

import com.cronutils.model.Cron;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.StopRule;
import java.time.Duration;
import java.time.InstantSource;

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
}
