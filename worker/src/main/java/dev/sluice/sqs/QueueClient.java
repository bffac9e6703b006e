package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Message;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue, seen from the command line: what {@code send}, {@code peek}, {@code demo} and {@code show} need and the
 * pipeline does not. Thread-safe. Every method blocks and throws {@link InfrastructureException} as its only failure.
 */
public interface QueueClient extends AutoCloseable {

    /**
     * Creates a queue with SQS's defaults, or finds it if there is one. A name ending in {@code .fifo} makes a FIFO
     * queue.
     *
     * @return its URL, as the service gives it
     */
    String createQueue(String name);

    /**
     * Sends each body as one message, in order for a FIFO queue. Bodies are taken from the iterator as they are sent, so
     * that a file of any size passes. A call whose answer is lost is made again: on a standard queue its messages may
     * then be there twice, with two message ids, which the ledger cannot tell from two events.
     *
     * @param bodies of 1 byte to 1 MiB of UTF-8 each; others are refused, and the rest is sent
     * @param groupId the message group; must be given for a FIFO queue, otherwise null. Each message gets a random
     *     deduplication id: two equal lines are two messages
     * @param progress told how many were sent so far, after each round of calls
     * @return how many were sent, and which were refused
     * @throws InfrastructureException when sending failed in midstream; its message says how many were sent and from
     *     which body to resume
     */
    Sent send(Iterator<String> bodies, @Nullable String groupId, LongConsumer progress);

    /**
     * Shows up to so many distinct messages and gives them back. They are hidden from others meanwhile, 30 seconds at
     * most, and each counts as received once more: on a queue with a redrive policy, peeking moves messages nearer to
     * the dead-letter queue.
     *
     * @param count at least 1
     * @param consumer called once with what was received, in order of receipt, before it is given back; may throw
     */
    void peek(int count, Consumer<List<Message>> consumer);

    /** What the queue says of itself. */
    QueueAttributes attributes();

    /** The names of queues at this place, in order, up to 1,000 (one page of ListQueues). */
    List<String> queueNames();

    @Override
    void close();

    /**
     * What became of the bodies.
     *
     * @param messages how many were sent
     * @param refused those that were not and never will be
     */
    record Sent(long messages, List<Refused> refused) {}

    /**
     * A body that cannot be a message.
     *
     * @param position its place among the bodies, from 1
     * @param code why: EmptyBody, BodyTooLong, or SQS's code, such as InvalidMessageContents
     */
    record Refused(long position, String code) {}
}
