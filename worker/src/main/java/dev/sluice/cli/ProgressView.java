package dev.sluice.cli;

import dev.sluice.recovery.rewrap.ProgressListener;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A bar on a terminal for each thing that is gone through; what is noted goes to standard error. One thread. */
final class ProgressView implements ProgressListener, AutoCloseable {

    private final Console console;
    private @Nullable ProgressBar bar;

    ProgressView(Console console) {
        this.console = console;
    }

    @Override
    public void began(String unit, long total) {
        close();
        if (console.interactive()) {
            bar = Progress.bar(console, unit, total);
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
