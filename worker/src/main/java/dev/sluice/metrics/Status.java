package dev.sluice.metrics;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does now: the document at {@code /status} of the health port, which {@code sluice status}, {@code sluice
 * top} and the console show. Holds no value of any event.
 *
 * @param version of the program
 * @param pipeline its name
 * @param queue the queue's name or URL
 * @param table qualified
 * @param now when this was made
 * @param startedAt when the worker was opened
 * @param state what it does
 * @param since when that state began
 * @param because why, a sentence for people; null when the state needs no reason
 * @param nextTryAt when an open circuit, or a queue that is unreachable, is tried again; null in other states
 * @param consumers batches stored in parallel
 * @param records since the start
 * @param perSecond rates over the last fifteen seconds
 * @param stages by stage, of the last minute
 * @param eventAge from accepted by SQS to committed, of the last minute
 * @param inFlight received and not yet settled
 * @param queueDepth as last read; null before the first time
 * @param deadLetters messages in the dead-letter queue; null when there is none or it may not be read
 * @param quarantinedByReason since the start, reasons without a record left out
 * @param lastCommitAt null before the first
 * @param pool the database connections
 */
public record Status(
        String version,
        String pipeline,
        String queue,
        String table,
        Instant now,
        Instant startedAt,
        State state,
        Instant since,
        @Nullable String because,
        @Nullable Instant nextTryAt,
        int consumers,
        Outcomes records,
        Rates perSecond,
        Map<Stage, Quantiles> stages,
        Quantiles eventAge,
        InFlight inFlight,
        @Nullable QueueDepth queueDepth,
        @Nullable Long deadLetters,
        Map<String, Long> quarantinedByReason,
        @Nullable Instant lastCommitAt,
        Pool pool) {

    /** What a worker may be doing, as its name in lower case in JSON. */
    public enum State {
        /** Opened; nothing received yet. */
        STARTING,
        /** Received something within the last fifteen seconds. */
        RUNNING,
        /** The queue had nothing for fifteen seconds. */
        IDLE,
        /** The database, or deleting, fails; nobody receives. */
        CIRCUIT_OPEN,
        /** Receiving fails. */
        QUEUE_UNREACHABLE,
        /** A shutdown was requested; what is in flight is finished. */
        DRAINING
    }

    /** The four steps of a message's path, as a label and in JSON its name in lower case. */
    public enum Stage {
        RECEIVE,
        MAP,
        STORE,
        SETTLE
    }

    /** Records by what became of them. */
    public record Outcomes(long stored, long duplicate, long quarantined, long released) {}

    /** Records per second by what became of them. */
    public record Rates(double stored, double duplicate, double quarantined, double released) {}

    /**
     * Quantiles in seconds.
     *
     * @param p50 null when there was nothing to measure
     * @param p99 as {@code p50}
     */
    public record Quantiles(@Nullable Double p50, @Nullable Double p99) {}

    /** @param bytes of the received bodies */
    public record InFlight(long records, long bytes) {}

    /**
     * The queue's own approximate counts.
     *
     * @param oldestAgeSeconds age of the oldest message received within the last minute; null when none was
     */
    public record QueueDepth(
            long visible, long inFlight, long delayed, @Nullable Double oldestAgeSeconds, Instant readAt) {}

    /** Connections in use, and the most there may be. */
    public record Pool(int active, int max) {}
}
