package dev.sluice.pipeline;

import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.Mapper;
import java.time.Instant;

/**
 * One delivery of one message. A redelivery has the same id and sent time, another receipt handle and a higher receive
 * count.
 *
 * @param id the queue's message id: at most 100 characters, a UUID on AWS, not so everywhere
 * @param receiptHandle identifies this delivery; needed to settle it
 * @param sentAt when SQS accepted the message (SentTimestamp), to the millisecond; the same on every redelivery
 * @param receiveCount how often it was received, including this time (ApproximateReceiveCount); at least 1
 * @param body UTF-8, not copied: must not be modified. Holds clear values, which is why {@link #toString()} does not show
 *     it
 * @param attributes those that the pipeline reads
 * @param trace in which trace it was sent, if the run is traced
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would buy nothing
public record Message(
        String id,
        String receiptHandle,
        Instant sentAt,
        int receiveCount,
        byte[] body,
        Attributes attributes,
        TraceHeaders trace) {

    /** One whose run is not traced. */
    public Message(
            String id, String receiptHandle, Instant sentAt, int receiveCount, byte[] body, Attributes attributes) {
        this(id, receiptHandle, sentAt, receiveCount, body, attributes, TraceHeaders.NONE);
    }

    /** One whose attributes nobody reads. */
    public Message(String id, String receiptHandle, Instant sentAt, int receiveCount, byte[] body) {
        this(id, receiptHandle, sentAt, receiveCount, body, Attributes.NONE);
    }

    /** The body without its envelope, to be mapped. */
    Mapper.Unpacked unpack(Mapper.Batch batch) {
        return batch.unpack(id, sentAt, body, attributes);
    }

    /** The size of body and attributes. */
    public int bytes() {
        return body.length + attributes.bytes();
    }

    /** That of the id: no two messages of a batch have one, and the receipt handle is long. */
    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** The id and the receive count, nothing of the body. */
    @Override
    public String toString() {
        return "Message[" + id + ", received " + receiveCount + " times]";
    }
}
