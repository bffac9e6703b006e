package dev.sluice.bench.measure;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run is given to do.
 *
 * @param messages in the queue
 * @param behaviour further fields of the queue's spec, such as {@code latencyMillis=20}; empty for none
 * @param rowsBefore stored by earlier runs in the same database, in steps of a million, sent over 13 days; usually 0
 * @param workers processes of the contender that share the queue and the database, 1 or more
 * @param ending when the run is over
 */
public record Load(int messages, String behaviour, int rowsBefore, int workers, Ending ending) {

    /** Loads up to that size are the same for everybody. */
    private static final int SMALLEST = 1_000;

    private static final int ROWS_OF_A_RUN = 1_000_000;

    /** The longest retention of SQS is 14 days: a ledger holds keys of that time. */
    private static final int DAYS_BEFORE = 13;

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
        return messages <= SMALLEST
                ? this
                : new Load(
                        (int) Math.max(SMALLEST, Math.round(messages * share)), behaviour, rowsBefore, workers, ending);
    }

    /** The runs that store the rows before. */
    List<Load> before() {
        return IntStream.rangeClosed(1, rowsBefore / ROWS_OF_A_RUN)
                .mapToObj(run -> new Load(
                        ROWS_OF_A_RUN,
                        "backlogHours=" + DAYS_BEFORE * 24 + " seed=" + -run,
                        0,
                        workers,
                        Ending.DRAINED))
                .toList();
    }
}
