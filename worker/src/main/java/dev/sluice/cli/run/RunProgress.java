package dev.sluice.cli.run;

import dev.sluice.app.Worker;
import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.Progress;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Status;
import dev.sluice.pipeline.Summary;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the progress of a run until it is closed: a bar on a terminal, otherwise one log line per minute. What there is to do
 * is what was received and what the queue reports to hold, which it is asked now and then.
 */
final class RunProgress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);
    private static final Duration BAR_PERIOD = Duration.ofMillis(250);
    private static final Duration LINE_PERIOD = Duration.ofMinutes(1);

    /** The queue's own counts are about a minute old (AWS, GetQueueAttributes); each call is paid. */
    private static final Duration BACKLOG_PERIOD = Duration.ofSeconds(10);

    private final Worker worker;
    private final ShutdownSignal ended = new ShutdownSignal();
    private final AtomicLong total = new AtomicLong();
    private final Progress bar;
    private final Thread ticker;

    RunProgress(Console console, Worker worker) {
        this.worker = worker;
        bar = new Progress(console).counting("records");
        if (console.interactive()) {
            // Not waited for: the queue may not answer.
            Thread.ofVirtual().name("backlog").start(() -> {
                do {
                    ask();
                } while (!ended.await(BACKLOG_PERIOD));
            });
            ticker = repeat("progress", BAR_PERIOD, this::draw);
        } else {
            ticker = repeat(
                    "progress",
                    LINE_PERIOD,
                    () -> LOG.info(line(
                            worker.summary(),
                            worker.fieldCounts().dropped(),
                            worker.figures().status())));
        }
    }

    private Thread repeat(String name, Duration period, Runnable action) {
        return Thread.ofVirtual().name(name).start(() -> {
            while (!ended.await(period)) {
                action.run();
            }
        });
    }

    private void ask() {
        try {
            total.set(worker.summary().received() + worker.backlog());
        } catch (InfrastructureException e) {
            // The run meets the same fault and reports it; the bar keeps the last count.
            LOG.debug("The queue's depth is not known: {}", e.getMessage());
        }
    }

    private void draw() {
        long received = worker.summary().received();
        if (total.get() > 0) {
            bar.total(Math.max(total.get(), received));
        }
        bar.reached(received);
    }

    static String line(Summary summary, long droppedFields, Status now) {
        return "So far " + RunCommand.text(summary) + "; fields dropped because no column names them: " + droppedFields
                + "; " + now.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + String.format(
                        Locale.ROOT, ", %.1f stored per second", now.perSecond().stored())
                + ", age p50 " + seconds(now.eventAge().p50()) + ", p99 "
                + seconds(now.eventAge().p99())
                + ", backlog "
                + (now.queueDepth() == null ? "unknown" : now.queueDepth().visible())
                + quarantined(now.quarantinedByReason()) + ".";
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "unknown" : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static String quarantined(Map<String, Long> reasons) {
        return reasons.isEmpty()
                ? ""
                : reasons.entrySet().stream()
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .collect(Collectors.joining(", ", "; quarantined: ", ""));
    }

    @Override
    public void close() {
        ended.request();
        try {
            ticker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        bar.close();
    }
}
