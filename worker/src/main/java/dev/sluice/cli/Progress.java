package dev.sluice.cli;

import dev.sluice.app.Worker;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Counters.Summary;
import java.time.Duration;
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

    private final ShutdownSignal ended = new ShutdownSignal();
    private final Thread ticker;
    private final AutoCloseable display;

    private Progress(Duration period, Runnable tick, AutoCloseable display) {
        this.display = display;
        this.ticker = Thread.ofVirtual().name("progress").start(() -> {
            while (!ended.await(period)) {
                tick.run();
            }
        });
    }

    /** The progress of a run. */
    static Progress ofRun(Console console, Worker worker) {
        if (!console.interactive()) {
            Runnable line = () -> LOG.info(line(worker.summary(), worker.droppedFields()));
            return new Progress(LINE_PERIOD, line, () -> {});
        }
        ProgressBar bar = bar(console, "records", -1);
        return new Progress(BAR_PERIOD, () -> bar.stepTo(worker.summary().received()), bar);
    }

    static String line(Summary balance, long droppedFields) {
        return "So far " + SummaryLine.text(balance) + "; fields dropped, since no column names them: " + droppedFields
                + ".";
    }

    /** @param total -1 when it is not known */
    static ProgressBar bar(Console console, String unit, long total) {
        return new ProgressBarBuilder()
                .setTaskName("sluice")
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setMaxRenderedLength(BAR_WIDTH)
                .setConsumer(new ConsoleProgressBarConsumer(PrintableStream.behind(console.err()), BAR_WIDTH))
                .build();
    }

    @Override
    public void close() {
        ended.request();
        try {
            ticker.join();
            display.close();
        } catch (Exception e) {
            throw new IllegalStateException("the progress bar cannot be closed", e);
        }
    }
}
