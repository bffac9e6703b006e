package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.util.List;
import java.util.Map;

/**
 * Remembers, outside of this process, which redelivered messages are being tried. What is still recorded when a message is
 * redelivered was in flight in a worker that died, or that lost it: only such messages are isolated. A receive count alone
 * proves nothing, since another consumer may have failed. Thread-safe.
 */
public interface Attempts {

    /** An earlier attempt that did not end, by how the message was tried. */
    enum Unfinished {
        /** With others. */
        TOGETHER,
        /** By itself: if the worker died, this message is the cause. */
        ALONE
    }

    /**
     * Called before messages are mapped together. Records those that are not recorded yet; survives the death of this
     * process once it returns.
     *
     * @param messages at least one
     * @return by message id, those with an unfinished attempt, for which nothing new is recorded
     * @throws InfrastructureException if it cannot be recorded; then the messages must not be tried
     */
    Map<String, Unfinished> begin(List<Message> messages);

    /**
     * Called before a message is tried by itself.
     *
     * @throws InfrastructureException as {@link #begin}
     */
    void beginAlone(Message message);

    /**
     * Called when messages are settled or returned to the queue. Forgets them.
     *
     * @throws InfrastructureException if it cannot; should they be redelivered, they are isolated without need
     */
    void end(List<Message> messages);
}
