package dev.sluice.postgres.table;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a record came from, besides the id of its message, which its original knows.
 *
 * @param sentAt when the message was sent
 * @param index the record's position in the message, from 0
 * @param receiveCount number of the delivery, from 1
 * @param line of a file; null for a message of a queue
 */
public record Provenance(Instant sentAt, int index, int receiveCount, @Nullable Line line) {

    /** A record of a queue's message. */
    public Provenance(Instant sentAt, int index, int receiveCount) {
        this(sentAt, index, receiveCount, null);
    }

    /**
     * A line of a file that is loaded in units.
     *
     * @param dataset the id of the dataset
     * @param unit the unit's number
     * @param number of the line in its unit, from 1
     */
    public record Line(long dataset, int unit, long number) {}
}
