package dev.sluice.sqs;

import dev.sluice.sqs.QueueClient.RejectedBody;
import java.util.List;

/** Follows {@link QueueClient#send}. Called by the thread that sends, between two rounds of calls. */
@FunctionalInterface
public interface SendListener {

    /** @param messages how many were sent so far */
    void sent(long messages);

    /** A body cannot be a message; the rest is sent. */
    default void rejected(RejectedBody body) {}

    /**
     * A round has ended: each body up to a place was sent or rejected, but for those that failed.
     *
     * @param position the last body of the round, from 1
     * @param failed the places of those that were not sent, in order; if there are any, sending ends
     */
    default void settled(long position, List<Long> failed) {}
}
