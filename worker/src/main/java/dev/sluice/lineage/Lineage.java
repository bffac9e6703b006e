package dev.sluice.lineage;

import dev.sluice.config.LineageSettings;
import dev.sluice.mapping.PipelineSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports once, when a run starts, what it reads and writes. In the background: a catalogue that is slow, down or refuses
 * costs a line in the log and nothing else. Thread-safe.
 */
public final class Lineage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);

    /** So that the event of a run of a moment is not lost to a catalogue of usual speed. */
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private static final long VERSION_7 = 0x7000L;
    private static final long RANDOM_OF_VERSION = 0x0FFFL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_OF_VARIANT = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final int TIME_SHIFT = 16;

    private final Thread reporter;

    private Lineage(Thread reporter) {
        this.reporter = reporter;
    }

    /**
     * Begins to report; returns at once.
     *
     * @param queue what the run reads
     * @param table what it writes
     */
    public static Lineage report(LineageSettings settings, PipelineSpec spec, Dataset queue, Dataset table) {
        Instant now = Instant.now();
        String event = new RunEvent(settings.namespace(), spec, queue, table)
                .json(runId(now, ThreadLocalRandom.current()), now);
        return new Lineage(Thread.ofVirtual().name("lineage").start(() -> destinations(settings)
                .forEach(destination -> deliver(event, destination))));
    }

    private static List<Destination> destinations(LineageSettings settings) {
        List<Destination> destinations = new ArrayList<>();
        Path file = settings.file();
        if (file != null) {
            destinations.add(new FileDestination(file));
        }
        URI url = settings.url();
        if (url != null) {
            destinations.add(new HttpDestination(url, settings.apiKey()));
        }
        return destinations;
    }

    private static void deliver(String event, Destination destination) {
        destination
                .deliver(event)
                .ifPresent(problem -> LOG.warn(
                        "Lineage was not reported to {}: {}. The run does not need it.", destination.name(), problem));
    }

    /** UUID of version 7 (RFC 9562, 5.7), which OpenLineage recommends: sorts by time. */
    static UUID runId(Instant now, Random random) {
        long high = (now.toEpochMilli() << TIME_SHIFT) | VERSION_7 | (random.nextLong() & RANDOM_OF_VERSION);
        return new UUID(high, VARIANT | (random.nextLong() & RANDOM_OF_VARIANT));
    }

    /** For tests: waits until it was reported, or was not. */
    void awaitReported() {
        try {
            reporter.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is still being reported. */
    boolean isReporting() {
        return reporter.isAlive();
    }

    /** Waits for an event that is on its way, for a second at most. */
    @Override
    public void close() {
        try {
            if (!reporter.join(CLOSE)) {
                reporter.interrupt();
            }
        } catch (InterruptedException ended) {
            reporter.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
