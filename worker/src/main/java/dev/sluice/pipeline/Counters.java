package dev.sluice.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was received and what became of it, over all consumers of a run. Thread-safe. */
public final class Counters {

    private final LongAdder received = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder quarantined = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final LongAdder undeleted = new LongAdder();
    private final InstantSource clock;
    private final Instant began;

    /** @param clock measures the run */
    public Counters(InstantSource clock) {
        this.clock = clock;
        this.began = clock.instant();
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

    /** Counts one record. */
    void settled(Settlement settlement) {
        LongAdder counter =
                switch (settlement) {
                    case STORED -> stored;
                    case DUPLICATE -> duplicates;
                    case QUARANTINED -> quarantined;
                    case DEFERRED -> released;
                };
        counter.increment();
    }

    /** The counts now; exact once the consumers have ended. */
    public Summary summary() {
        return new Summary(
                received.sum(),
                stored.sum(),
                duplicates.sum(),
                quarantined.sum(),
                released.sum(),
                undeleted.sum(),
                Duration.between(began, clock.instant()));
    }
}
