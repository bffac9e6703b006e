package dev.sluice.bench.scale;

/**
 * Workers on one queue and one database, with what limits them.
 *
 * @param workers 1 or more
 * @param workerRate messages per second that one worker maps and stores when nothing else is in its way, above 0
 * @param databaseRate rows per second that the database takes from all of them, above 0
 * @param offered messages per second that are sent; infinity for a queue that is never empty
 * @param latencySeconds what a call to SQS takes besides the server's work, 0 or more
 * @param recordsPerMessage rows that a message makes, 1 or more
 * @param batchMessages as the setting {@code batch.messages}
 * @param consumers as the setting {@code consumers}
 * @param visibilitySeconds of the queue, above 0
 */
public record Fleet(
        int workers,
        double workerRate,
        double databaseRate,
        double offered,
        double latencySeconds,
        double recordsPerMessage,
        int batchMessages,
        int consumers,
        double visibilitySeconds) {

    /** Messages that a call receives or deletes (SQS API reference, ReceiveMessage and DeleteMessageBatch). */
    static final int PER_CALL = 10;

    /** Receives of a worker at the same time: worker's HttpClients.CONNECTIONS, unless its heap is below 1 GiB. */
    static final int RECEIVES = 128;

    /** Delete calls of a worker at the same time: its Settler.CALLS_AT_ONCE. */
    static final int DELETES = 100;

    /** Batches of a worker in flight: its BatchLimit.MOST, or twice the consumers. */
    static final int BATCHES = 16;

    /** Messages of a standard or FIFO queue in flight (Amazon SQS Developer Guide, quotas-queues and quotas-fifo). */
    public static final int QUOTA = 120_000;

    /** @throws IllegalArgumentException if a number is out of range; the message names it */
    public Fleet {
        require("workers", workers >= 1);
        require("worker rate", workerRate > 0);
        require("database rate", databaseRate > 0);
        require("message rate", offered > 0);
        require("latency", latencySeconds >= 0);
        require("records per message", recordsPerMessage >= 1);
        require("batch messages", batchMessages >= 1 && batchMessages <= 10_000);
        require("consumers", consumers >= 1 && consumers <= 64);
        require("visibility timeout", visibilitySeconds > 0);
    }

    private static void require(String name, boolean isInRange) {
        if (!isInRange) {
            throw new IllegalArgumentException(name + " is out of range");
        }
    }

    /** Messages that one worker may have in flight. */
    int windowOfWorker() {
        return Math.max(BATCHES, 2 * consumers) * batchMessages;
    }

    /** Messages that all may have in flight; on a full queue they soon have. */
    double window() {
        return Math.min(QUOTA, (double) workers * windowOfWorker());
    }

    /** The same fleet on a queue that is never empty. */
    Fleet busy() {
        return new Fleet(
                workers,
                workerRate,
                databaseRate,
                Double.POSITIVE_INFINITY,
                latencySeconds,
                recordsPerMessage,
                batchMessages,
                consumers,
                visibilitySeconds);
    }

    double receivesPerSecond() {
        return latencySeconds == 0 ? Double.POSITIVE_INFINITY : workers * RECEIVES * PER_CALL / latencySeconds;
    }

    double deletesPerSecond() {
        return latencySeconds == 0 ? Double.POSITIVE_INFINITY : workers * DELETES * PER_CALL / latencySeconds;
    }

    /** Messages per second that all workers and the database store. */
    double storesPerSecond() {
        return Math.min(workers * workerRate, databaseRate / recordsPerMessage);
    }

    /** Connections of all workers' pools: one for each batch stored at a time, and one for maintenance. */
    public int connections() {
        return workers * (consumers + 1);
    }
}
