package dev.sluice.spark;

import dev.sluice.bulk.ProgressListener;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Logs how far a job is, a line every ten seconds. Used by one thread. */
final class LoggedProgress implements ProgressListener {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private String unit = "";
    private long total;
    private long logged = System.nanoTime();

    LoggedProgress(Logger log) {
        this.log = log;
    }

    @Override
    public void began(String unit, long total) {
        this.unit = unit;
        this.total = total;
    }

    @Override
    public void reached(long done) {
        if (System.nanoTime() - logged >= INTERVAL) {
            logged = System.nanoTime();
            log.info("{} of {} {} done.", done, total, unit);
        }
    }

    @Override
    public void noted(String sentence) {
        log.warn(sentence);
    }
}
