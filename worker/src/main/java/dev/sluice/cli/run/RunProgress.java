package dev.sluice.cli.run;

import dev.sluice.app.Worker;
import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.Progress;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Summary;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the progress of a run until it is closed: a bar on a terminal, otherwise one log line per minute. */
final class RunProgress implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);
    private static final Duration BAR_PERIOD = Duration.ofMillis(250);
    private static final Duration LINE_PERIOD = Duration.ofMinutes(1);

    private final ShutdownSignal ended = new ShutdownSignal();
    private final Progress bar;
    private final Thread ticker;

    RunProgress(Console console, Worker worker) {
        bar = new Progress(console).counting("records");
        Duration period = console.interactive() ? BAR_PERIOD : LINE_PERIOD;
        Runnable tick = console.interactive()
                ? () -> bar.reached(worker.summary().received())
                : () -> LOG.info(line(worker.summary(), worker.fieldCounts().dropped()));
        ticker = Thread.ofVirtual().name("progress").start(() -> {
            while (!ended.await(period)) {
                tick.run();
            }
        });
    }

    static String line(Summary summary, long droppedFields) {
        return "So far " + RunCommand.text(summary) + "; fields dropped because no column names them: " + droppedFields
                + ".";
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
