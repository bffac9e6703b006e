package dev.sluice.cli.command;

import dev.sluice.recovery.rewrap.ProgressListener;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows progress on a terminal: a bar for each step, until the next one begins. Used by one thread at a time. */
public final class Progress implements ProgressListener, AutoCloseable {

    private static final int WIDTH = 100;
    private static final int UNKNOWN = -1;

    private final Console console;
    private @Nullable ProgressBar bar;

    /** Shows nothing until something begins. */
    public Progress(Console console) {
        this.console = console;
    }

    /** Something begins whose end is not known. */
    public Progress counting(String unit) {
        began(unit, UNKNOWN);
        return this;
    }

    @Override
    public void began(String unit, long total) {
        close();
        if (console.interactive()) {
            bar = new ProgressBarBuilder()
                    .setTaskName("sluice")
                    .setInitialMax(total)
                    .setUnit(" " + unit, 1)
                    .showSpeed()
                    .setMaxRenderedLength(WIDTH)
                    .setConsumer(new ConsoleProgressBarConsumer(PrintableStream.behind(console.err()), WIDTH))
                    .build();
        }
    }

    @Override
    public void reached(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void noted(String sentence) {
        console.err().println("sluice: " + sentence);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
