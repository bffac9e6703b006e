package dev.sluice.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/** Counts what comes in and what becomes of it, over all lanes of a run. Thread-safe. */
public final class Counters {

    private final LongAdder received = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder quarantined = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final LongAdder undeleted = new LongAdder();
    private final InstantSource clock;
    private final Instant opened;

    /** @param clock tells the run's length */
    public Counters(InstantSource clock) {
        this.clock = clock;
        this.opened = clock.instant();
    }

    void received(int records) {
        received.add(records);
    }

    void released(int records) {
        released.add(records);
    }

    void undeleted(int messages) {
        undeleted.add(messages);
    }

    /** Enters one record by what the sink says of it. */
    void settled(Settlement settlement) {
        switch (settlement) {
            case Settlement.Stored known -> stored.increment();
            case Settlement.Duplicate known -> duplicates.increment();
            case Settlement.Quarantined known -> quarantined.increment();
            case Settlement.Deferred known -> released.increment();
        }
    }

    /** The figures now; exact once the lanes have ended. */
    public Summary summary() {
        return new Summary(
                received.sum(),
                stored.sum(),
                duplicates.sum(),
                quarantined.sum(),
                released.sum(),
                undeleted.sum(),
                Duration.between(opened, clock.instant()));
    }

    /**
     * What a run took in and what became of it, in records: a message that is no JSON counts as one, an array as its
     * elements.
     *
     * @param received taken from the queue
     * @param stored new rows
     * @param duplicates seen before, nothing written
     * @param quarantined new quarantine records
     * @param released given back to the queue
     * @param undeletedMessages messages (not records) that are committed but could not be deleted: they will come again
     *     and be found duplicates
     * @param elapsed since the run began
     */
    public record Summary(
            long received,
            long stored,
            long duplicates,
            long quarantined,
            long released,
            long undeletedMessages,
            Duration elapsed) {

        /** Whether everything that came in is accounted for; once the lanes have ended, false is a defect. */
        public boolean isBalanced() {
            return received == stored + duplicates + quarantined + released;
        }
    }
}
