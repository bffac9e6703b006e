package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;

/** Decides when a consumer ends. One instance per consumer, called by it only, between batches. */
public interface StopRule {

    /** SQS's longest long poll (ReceiveMessage, WaitTimeSeconds). */
    Duration MAX_WAIT_TIME = Duration.ofSeconds(20);

    /** Called before each batch: whether to receive one. */
    boolean shouldContinue();

    /** How long the next receive may wait for a first message; called after {@link #shouldContinue()} returned true. */
    default Duration waitTime() {
        return MAX_WAIT_TIME;
    }

    /**
     * Called after each batch that did not fail.
     *
     * @param messages how many it received
     * @throws InfrastructureException if the rule queries the queue, and the query fails
     */
    default void received(int messages) {}

    /** Called after each batch that failed; its messages were returned to the queue. */
    default void failed() {}
}
