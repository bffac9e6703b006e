package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.util.List;
import java.util.Map;

/**
 * Remembers, outside of this process, which redelivered messages are being tried. What is still remembered when a message
 * comes again was in the hands of a worker that died, or that lost it: only such messages are isolated. A receive count
 * alone proves nothing, another consumer may have failed. Thread-safe.
 */
public interface Attempts {

    /** An earlier attempt that did not end: how the message was tried. */
    enum Unfinished {
        /** With others. */
        TOGETHER,
        /** By itself: the message is the cause, if it was a death. */
        ALONE
    }

    /**
     * Called before messages are mapped together. Notes those of which nothing is known; durable when it returns, as far
     * as the death of this process goes.
     *
     * @param messages at least one
     * @return by message id, those of which an attempt is unfinished; nothing is noted for them now
     * @throws InfrastructureException when it cannot be noted; the messages must not be tried then
     */
    Map<String, Unfinished> begin(List<Message> messages);

    /**
     * Called before a message is tried by itself.
     *
     * @throws InfrastructureException as {@link #begin}
     */
    void beginAlone(Message message);

    /**
     * Called when messages are settled or given back, by a worker that lives: forgets them.
     *
     * @throws InfrastructureException when it cannot; should they come again, they are isolated for nothing
     */
    void end(List<Message> messages);
}
