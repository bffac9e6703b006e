package dev.sluice.bench.measure;

/**
 * What a run is given to do.
 *
 * @param messages in the queue
 * @param behaviour further fields of the queue's spec, such as {@code latencyMillis=20}; empty for none
 * @param ending when the run is over
 */
public record Load(int messages, String behaviour, Ending ending) {

    /** When a run is over. */
    public enum Ending {
        /** Everything is deleted; the contender gets SIGTERM. */
        DRAINED,
        /** The contender notices that the queue is empty and ends, if it can. */
        BY_ITSELF,
        /** As DRAINED, but the messages come only once the contender polls. */
        OFFERED,
        /** The queue stays empty for a while. */
        IDLE
    }

    /** As the stub's {@code QueueSpec.parse} reads it. */
    String spec() {
        return "messages=" + messages + " " + behaviour;
    }

    /** The same for a contender that gets a share of the messages. */
    Load scaled(double share) {
        return new Load((int) Math.round(messages * share), behaviour, ending);
    }
}
