package dev.sluice.cli.command;

import dev.sluice.bulk.ProgressListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress on a terminal: one line at the bottom, below the log, for each step until the next one begins. It is gone when
 * this is closed: close it before results are printed. Used by one thread at a time.
 */
public final class Progress implements ProgressListener, AutoCloseable {

    private static final long NANOS = 1_000_000_000;

    /** Ten per second are seen as movement. */
    private static final long REDRAW_NANOS = NANOS / 10;

    /** The rate is that of the last ten seconds or so: a queue does not answer evenly. */
    private static final int SAMPLES = 10;

    private final Console console;
    private final LongSupplier nanoClock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable String unit;
    private @Nullable Long total;
    private @Nullable DoubleSupplier share;
    private long beganAt;
    private long drawnAt;

    /** How much was done at a time of the nano clock. */
    private record Sample(long nanos, long done) {}

    /** Shows nothing until something begins. */
    public Progress(Console console) {
        this(console, System::nanoTime);
    }

    Progress(Console console, LongSupplier nanoClock) {
        this.console = console;
        this.nanoClock = nanoClock;
    }

    /** Something begins whose end is not known. */
    public Progress counting(String things) {
        begin(things, null);
        return this;
    }

    @Override
    public void began(String things, long all) {
        begin(things, all);
    }

    private void begin(String things, @Nullable Long all) {
        close();
        unit = things;
        total = all;
        share = null;
        samples.clear();
        beganAt = nanoClock.getAsLong();
        drawnAt = beganAt - REDRAW_NANOS;
        reached(0);
    }

    /** How much there is in all, as it is known now. */
    public void total(long all) {
        total = all;
    }

    /**
     * Tells how much is done by another measure than the count, such as the bytes of a file.
     *
     * @param done from 0 to 1; called when the line is drawn
     */
    public Progress measuredBy(DoubleSupplier done) {
        share = done;
        return this;
    }

    @Override
    public void reached(long done) {
        long now = nanoClock.getAsLong();
        if (unit == null || !console.interactive() || now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawnAt = now;
        if (samples.isEmpty() || now - samples.getLast().nanos >= NANOS) {
            samples.addLast(new Sample(now, done));
        }
        if (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
        // A character in the last column would make some terminals begin another line.
        console.status(line(unit, done, now).text(console.columns() - 1));
    }

    private ProgressLine line(String things, long done, long now) {
        Sample first = samples.getFirst();
        double seconds = (now - first.nanos) / (double) NANOS;
        Double perSecond = seconds < 1 ? null : (done - first.done) / seconds;
        return new ProgressLine(things, done, total, share(done), perSecond, left(done, perSecond, now));
    }

    private @Nullable Double share(long done) {
        if (share != null) {
            return Math.clamp(share.getAsDouble(), 0, 1);
        }
        return total == null || total == 0 ? null : Double.valueOf(Math.clamp(done / (double) total, 0, 1));
    }

    private @Nullable Duration left(long done, @Nullable Double perSecond, long now) {
        Double part = share(done);
        if (perSecond == null || part == null) {
            return null;
        }
        if (share != null) {
            return part == 0 ? null : Duration.ofNanos((long) ((now - beganAt) * (1 - part) / part));
        }
        return total == null || perSecond == 0
                ? null
                : Duration.ofSeconds((long) (Math.max(0, total - done) / perSecond));
    }

    @Override
    public void noted(String sentence) {
        console.err().println("sluice: " + sentence);
    }

    /** Shows nothing any more, until something else begins. */
    public void end() {
        if (unit != null) {
            console.status("");
            unit = null;
        }
    }

    @Override
    public void close() {
        end();
    }
}
