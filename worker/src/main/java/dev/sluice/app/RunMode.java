package dev.sluice.app;

import com.cronutils.model.Cron;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.StopRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * Until the first of these.
     *
     * @param whenEmpty whether the queue is empty, as {@link #untilEmpty} finds out
     * @param batches that many batches with at least one message, at least 1; null for any number
     * @param duration from the start, positive; null for any time
     */
    static RunMode until(boolean whenEmpty, @Nullable Long batches, @Nullable Duration duration) {
        return (consumers, source, stop) -> {
            List<StopRule> rules = new ArrayList<>();
            if (whenEmpty) {
                rules.add(StopRule.whenEmpty(source));
            }
            if (duration != null) {
                requestAfter(duration, stop);
                rules.add(StopRule.after(duration, InstantSource.system()));
            }
            if (batches != null) {
                rules.add(StopRule.afterBatches(batches));
            }
            consumers.run(StopRule.firstOf(rules));
        };
    }

    /** A consumer that waits out an outage checks no rule, but responds to a shutdown request. */
    private static void requestAfter(Duration duration, ShutdownSignal stop) {
        Thread.ofVirtual().name("deadline").start(() -> {
            if (!stop.await(duration)) {
                stop.request();
            }
        });
    }

    /** At the times of a cron expression, in UTC, each time until the queue is empty. */
    static RunMode scheduled(Cron cron) {
        return new Scheduled(cron, InstantSource.system());
    }
}
