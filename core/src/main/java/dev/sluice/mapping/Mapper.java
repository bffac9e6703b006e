package dev.sluice.mapping;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Turns the body of a message into masked rows and rejections. Total: any bytes give a result, never an exception, so
 * that one bad message never affects others. Thread-safe.
 */
public interface Mapper {

    /**
     * Called for each message received, before anything is stored.
     *
     * @param messageId the queue's id of the message, bound into sealed originals
     * @param sentAt when SQS accepted the message; feeds {@code sent-date} and {@code sent-time}
     * @param body UTF-8; not modified, and kept by the outcomes until they are settled
     * @param attributes the message's; those that no column reads are ignored
     * @return one outcome per record, in the body's order, at least one: a body that is not JSON gives one rejection,
     *     an array as many outcomes as it has elements
     */
    default List<Outcome> map(String messageId, Instant sentAt, byte[] body, Attributes attributes) {
        return begin().unpack(messageId, sentAt, body, attributes).map();
    }

    /** The same for a message without attributes. */
    default List<Outcome> map(String messageId, Instant sentAt, byte[] body) {
        return map(messageId, sentAt, body, Attributes.NONE);
    }

    /** Begins to map messages that will be stored together; all with the same keys. */
    Batch begin();

    /**
     * Which fields were missing, and which were dropped, since the mapper was created: the columns are an allow-list. A
     * change means that a producer has changed.
     */
    FieldCounts fieldCounts();

    /** Messages that are mapped together. Used by one thread. */
    interface Batch {

        /**
         * The first half of {@link #map}, for callers that limit how much they map at once: a body may unpack to eight
         * times the largest message.
         */
        Unpacked unpack(String messageId, Instant sentAt, byte[] body, Attributes attributes);

        /**
         * Masks all rows, a column at a time, which costs less than a row at a time. What is not masked by then is when it is
         * asked for.
         */
        void mask();
    }

    /**
     * A message without its envelope and uncompressed.
     *
     * @param bytes its size
     * @param outcomes the second half of {@link Mapper#map}
     */
    record Unpacked(int bytes, Supplier<List<Outcome>> outcomes) {

        /** The second half; see {@link Mapper#map}. */
        public List<Outcome> map() {
            return outcomes.get();
        }
    }
}
