package dev.sluice.sqs;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is requested with each message besides its body.
 *
 * @param read names of the message attributes that the pipeline reads
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

    ReceivedAttributes(List<String> read, boolean traced) {
        this(
                read,
                traced,
                traced
                        ? Stream.concat(read.stream(), Stream.of(TRACEPARENT))
                                .distinct()
                                .toList()
                        : read,
                traced ? List.of(SENT_TIMESTAMP, RECEIVE_COUNT, TRACE_HEADER) : List.of(SENT_TIMESTAMP, RECEIVE_COUNT));
    }
}
