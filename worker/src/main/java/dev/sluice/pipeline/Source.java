package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A queue, seen from the pipeline: messages come out of it and are settled with it. Thread-safe: several lanes receive
 * and settle at the same time.
 */
public interface Source extends AutoCloseable {

    /**
     * Takes the next messages, up to a batch. Called by a lane with nothing in hand. Blocks up to {@code patience} for
     * the first message; once there is one, only as long as more come at once.
     *
     * @param patience how long to wait for the first message; zero to take only what is there
     * @param arrivals is told of messages as they come, before the batch is complete, on any thread: their visibility
     *     timeout runs from then on, also while the rest of the batch is awaited
     * @return the messages, in order of receipt; empty when none came in time. No id twice: of two deliveries of one
     *     message in one batch the newer receipt handle is kept, and the older is dropped (the message is one)
     * @throws InfrastructureException when the queue cannot be asked; nothing arrived then, the lane backs off and
     *     calls again if the kind is {@link InfrastructureException.Kind#TRANSIENT}
     */
    List<Message> receive(Duration patience, Arrivals arrivals);

    /**
     * Deletes messages whose every record is committed. Called after the commit only. Blocks until each entry is
     * confirmed, refused, or given up after some seconds of trying; never throws.
     *
     * @return those that are not deleted, which are safe: stored, and known to the ledger
     */
    Deletion delete(List<Message> messages);

    /**
     * Gives messages back: visible again at once. Called for what was received but will not be stored now. Never
     * throws: a message that cannot be given back comes back by itself when its visibility timeout ends.
     */
    void makeVisible(List<Message> messages);

    /**
     * Makes the leases of messages begin anew. Called for what is in hand, in the background, at a third of
     * {@link #visibilityTimeout()}. Blocks for one try; never throws.
     *
     * @param hidden for how long they are hidden from others, from now; whole seconds, 12 hours at the most
     * @return what became of them; those in neither list failed for a reason that may pass, which the source has logged
     */
    Extension extend(List<Message> messages, Duration hidden);

    /**
     * Gives messages back that are to be tried again later: visible after a time that doubles with their receive count,
     * so that a redrive policy takes them in the end without a hot loop. Never throws, as {@link #makeVisible}.
     */
    void retryLater(List<Message> messages);

    /** How long a received message stays hidden from others, as the queue said when it was opened. */
    Duration visibilityTimeout();

    /** How long the queue keeps a message, as it said when it was opened; empty when it did not say. */
    Optional<Duration> retention();

    /**
     * Whether the queue keeps an order that the pipeline must keep too (SQS: a FIFO queue). A message group id says
     * nothing about it: standard queues have them for fair delivery.
     */
    boolean isFifo();

    /**
     * How many messages the queue holds, by the queue's own approximate counts.
     *
     * @throws InfrastructureException as {@link #receive}
     */
    Depth depth();

    /** Closes the connections. Messages in hand stay invisible until their visibility timeout ends. */
    @Override
    void close();

    /** Is told of messages that have arrived. Thread-safe. */
    @FunctionalInterface
    interface Arrivals {

        /**
         * Called as soon as a call has brought messages.
         *
         * @param askedAtNanos when that call began, by {@link System#nanoTime()}: the visibility timeout of its messages
         *     began no earlier
         */
        void arrived(List<Message> messages, long askedAtNanos);
    }

    /**
     * What could not be deleted.
     *
     * @param open failed for a reason that may pass, or because of {@code failure}: still in flight, to be deleted again
     * @param lost their receipt handle is no longer valid: they will be delivered again, and be found duplicates
     * @param failure why whole calls failed, the gravest of several; null when only single entries did. Any kind but
     *     {@link InfrastructureException.Kind#TRANSIENT} says that trying again is useless
     */
    record Deletion(List<Message> open, List<Message> lost, @Nullable InfrastructureException failure) {}

    /**
     * @param extended hidden for as long as was asked
     * @param dead their receipt handle is no longer valid: they are somebody else's now, or gone, and trying again is
     *     useless
     */
    record Extension(List<Message> extended, List<Message> dead) {}

    /**
     * The queue's approximate counts (SQS: ApproximateNumberOfMessages, ..NotVisible, ..Delayed).
     *
     * @param visible waiting to be received
     * @param inFlight received by someone, not yet deleted
     * @param delayed not yet to be received
     */
    record Depth(long visible, long inFlight, long delayed) {

        /** Whether nothing waits, nothing is in somebody's hand and nothing is yet to come. */
        public boolean isEmpty() {
            return visible == 0 && inFlight == 0 && delayed == 0;
        }
    }
}
