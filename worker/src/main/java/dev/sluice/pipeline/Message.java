package dev.sluice.pipeline;

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
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each body would buy nothing
public record Message(String id, String receiptHandle, Instant sentAt, int receiveCount, byte[] body) {

    /** The id and the receive count, nothing of the body. */
    @Override
    public String toString() {
        return "Message[" + id + ", received " + receiveCount + " times]";
    }
}
