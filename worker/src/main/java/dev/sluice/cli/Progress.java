package dev.sluice.cli;

import dev.sluice.app.Worker;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows that something moves: a bar with its rate on a terminal, else a line a minute in the log. */
final class Progress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final Duration BAR_PERIOD = Duration.ofMillis(250);
    private static final Duration LINE_PERIOD = Duration.ofMinutes(1);
    private static final int BAR_WIDTH = 100;

    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("progress").factory());
    private final AutoCloseable display;

    private Progress(Duration period, Runnable tick, AutoCloseable display) {
        this.display = display;
        ticker.scheduleAtFixedRate(tick, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The progress of a run. */
    static Progress ofRun(Console console, Worker worker) {
        if (!console.interactive()) {
            Runnable line = () -> LOG.info(
                    "So far {}; {} fields dropped that no column names.",
                    BalanceView.text(worker.balance()),
                    worker.droppedFields());
            return new Progress(LINE_PERIOD, line, () -> {});
        }
        ProgressBar bar = bar(console, "records", -1);
        return new Progress(BAR_PERIOD, () -> bar.stepTo(worker.balance().received()), bar);
    }

    /** @param total -1 when it is not known */
    static ProgressBar bar(Console console, String unit, long total) {
        return new ProgressBarBuilder()
                .setTaskName("sluice")
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setMaxRenderedLength(BAR_WIDTH)
                .setConsumer(new ConsoleProgressBarConsumer(console.err(), BAR_WIDTH))
                .build();
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        try {
            display.close();
        } catch (Exception e) {
            throw new IllegalStateException("the progress bar cannot be closed", e);
        }
    }
}
