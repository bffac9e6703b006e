package dev.sluice.sqs;

import dev.sluice.mapping.Attribute;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is requested with each message besides its body.
 *
 * @param read names of the message attributes that the pipeline reads, and {@link Attribute#MESSAGE_GROUP}
 * @param traced whether also in which trace it was sent
 * @param names names of the message attributes for a request; empty for none
 * @param systemNames names of the system attributes for a request
 */
record ReceivedAttributes(List<String> read, boolean traced, List<String> names, List<String> systemNames) {

    /** The message attribute of W3C Trace Context, as instrumented senders set it. */
    static final String TRACEPARENT = "traceparent";

    /** System attributes: when a message was accepted, how often it was received, its trace at AWS. */
    static final String SENT_TIMESTAMP = "SentTimestamp";

    static final String RECEIVE_COUNT = "ApproximateReceiveCount";
    static final String TRACE_HEADER = "AWSTraceHeader";

    /** The group of a message; of a fair queue, its tenant. */
    static final String MESSAGE_GROUP_ID = "MessageGroupId";

    ReceivedAttributes(List<String> read, boolean traced) {
        this(
                read,
                traced,
                Stream.concat(
                                read.stream().filter(name -> !name.equals(Attribute.MESSAGE_GROUP)),
                                Stream.of(TRACEPARENT).filter(name -> traced))
                        .distinct()
                        .toList(),
                Stream.concat(
                                Stream.of(SENT_TIMESTAMP, RECEIVE_COUNT),
                                Stream.concat(
                                        Stream.of(TRACE_HEADER).filter(name -> traced),
                                        Stream.of(MESSAGE_GROUP_ID)
                                                .filter(name -> read.contains(Attribute.MESSAGE_GROUP))))
                        .toList());
    }
}
