package dev.sluice.sqs;

import dev.sluice.mapping.Attribute;
import java.util.ArrayList;
import java.util.List;

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
        this(read, traced, names(read, traced), systemNames(read, traced));
    }

    private static List<String> names(List<String> read, boolean traced) {
        List<String> names = new ArrayList<>(read);
        names.remove(Attribute.MESSAGE_GROUP);
        if (traced && !names.contains(TRACEPARENT)) {
            names.add(TRACEPARENT);
        }
        return List.copyOf(names);
    }

    private static List<String> systemNames(List<String> read, boolean traced) {
        List<String> names = new ArrayList<>(List.of(SENT_TIMESTAMP, RECEIVE_COUNT));
        if (traced) {
            names.add(TRACE_HEADER);
        }
        if (read.contains(Attribute.MESSAGE_GROUP)) {
            names.add(MESSAGE_GROUP_ID);
        }
        return List.copyOf(names);
    }
}
