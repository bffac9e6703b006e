package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue, as the pipeline sees it: messages come from it and are settled with it. Thread-safe: several consumers receive
 * and settle at the same time.
 */
public interface Source extends AutoCloseable {

    /**
     * Receives the next messages, up to a batch. Called by a consumer with nothing in flight. Blocks up to
     * {@code waitTime} for the first message, then for a moment while further calls bring more.
     *
     * @param waitTime how long to wait for the first message; zero to take only what is there
     * @param arrivals receives messages as they come, before the batch is complete, on any thread: their visibility
     *     timeout runs from then on
     * @throws InfrastructureException if the call fails; then nothing arrived, and the consumer backs off and calls again
     *     if the kind is {@link InfrastructureException.Kind#TRANSIENT}
     */
    Received receive(Duration waitTime, Arrivals arrivals);

    /**
     * Deletes messages whose every record is committed. Called after the commit only. Blocks until each entry is
     * confirmed, rejected, or given up after some seconds of trying; never throws.
     *
     * @return those that are not deleted, which are safe: stored, and known to the ledger
     */
    Deletion delete(List<Message> messages);

    /**
     * Makes messages visible again at once. Called for what was received but will not be stored now. Never throws: where
     * it fails, the message is visible again when its visibility timeout ends.
     */
    void makeVisible(List<Message> messages);

    /**
     * Restarts the visibility timeouts of messages in flight. Called in the background, after a third of
     * {@link #visibilityTimeout()}. Blocks for one try; never throws.
     *
     * @param hidden for how long they are hidden from others, from now; whole seconds, at most 12 hours
     * @return the result; messages in neither list failed for a transient reason, which the source has logged
     */
    Extension extend(List<Message> messages, Duration hidden);

    /**
     * Hides messages until they are to be tried again, for a time that doubles with their receive count, so that a redrive
     * policy takes them in the end without a hot loop. Never throws, as {@link #makeVisible}.
     */
    void retryLater(List<Message> messages);

    /** How long a received message stays hidden from others, as the queue reported when it was opened. */
    Duration visibilityTimeout();

    /** How long the queue keeps a message, as reported when it was opened; empty if not reported. */
    Optional<Duration> retention();

    /**
     * Whether the queue keeps an order that the pipeline must keep too (SQS: a FIFO queue). A message group id is no
     * evidence: standard queues have them for fair delivery.
     */
    boolean isFifo();

    /**
     * How many messages the queue holds, by its own approximate counts.
     *
     * @throws InfrastructureException as {@link #receive}
     */
    Depth depth();

    /**
     * How many messages wait in the queue to which the redrive policy moves what was received too often.
     *
     * @return empty if there is no such policy
     * @throws InfrastructureException as {@link #receive}; of kind NOT_PERMITTED or CONFIG also if only that queue cannot be
     *     read
     */
    OptionalLong deadLetters();

    /** Closes the connections. Messages in flight stay hidden until their visibility timeout ends. */
    @Override
    void close();

    /**
     * A batch.
     *
     * @param messages in order of receipt; empty if none came in time. No id twice: of two deliveries of one message the
     *     newer receipt handle is kept
     * @param more whether the queue probably has more
     */
    record Received(List<Message> messages, boolean more) {

        /** Nothing came. */
        public static final Received NONE = new Received(List.of(), false);
    }

    /** Receives messages as they arrive. Thread-safe. */
    @FunctionalInterface
    interface Arrivals {

        /**
         * Called as soon as a call has returned messages.
         *
         * @param calledAtNanos when that call began, by {@link System#nanoTime()}: the visibility timeout of its messages
         *     began no earlier
         */
        void arrived(List<Message> messages, long calledAtNanos);
    }

    /**
     * What could not be deleted.
     *
     * @param open failed for a transient reason, or because of {@code failure}: still in flight, to be deleted again
     * @param lost their receipt handle is no longer valid: they will be redelivered, and turn out to be duplicates
     * @param failure why whole calls failed, the gravest of several; null if only single entries failed. A retry is
     *     useless unless it {@linkplain InfrastructureException#isTransient() is transient}
     */
    record Deletion(List<Message> open, List<Message> lost, @Nullable InfrastructureException failure) {}

    /**
     * The result of an extension.
     *
     * @param extended hidden for the time requested
     * @param dead their receipt handle is no longer valid: they were redelivered or deleted, and a retry is useless
     */
    record Extension(List<Message> extended, List<Message> dead) {}

    /**
     * The queue's approximate counts (SQS: ApproximateNumberOfMessages, ..NotVisible, ..Delayed).
     *
     * @param visible waiting to be received
     * @param inFlight received, not yet deleted
     * @param delayed not yet to be received
     */
    record Depth(long visible, long inFlight, long delayed) {

        /** Whether no message waits, is in flight, or is delayed. */
        public boolean isEmpty() {
            return visible == 0 && inFlight == 0 && delayed == 0;
        }
    }
}
