package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;

/** When a lane has done enough. One instance per lane, called by that lane only, between rounds. */
public interface StopRule {

    /**
     * How long the next receive may wait for a first message. SQS's long poll takes at most 20 s (ReceiveMessage,
     * WaitTimeSeconds).
     */
    Duration MAX_WAIT_TIME = Duration.ofSeconds(20);

    /** Called before each round: whether there is to be one. */
    boolean shouldContinue();

    /** How long the coming round may wait for a first message; asked after {@link #shouldContinue()} said yes. */
    Duration waitTime();

    /**
     * Called after each round that took place.
     *
     * @param messages how many it received
     * @throws InfrastructureException when the rule asks the queue, and the queue does not answer
     */
    void received(int messages);

    /** Called after each round that failed, or that the database was not ready for; what it received was given back. */
    default void failed() {}
}
