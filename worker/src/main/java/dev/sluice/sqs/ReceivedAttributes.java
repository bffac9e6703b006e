package dev.sluice.sqs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What is requested with each message besides its body.
 *
 * @param read names of the message attributes that the pipeline reads
 * @param traced whether also in which trace it was sent
 */
record ReceivedAttributes(List<String> read, boolean traced) {

    /** The message attribute of W3C Trace Context, as instrumented senders set it. */
    static final String TRACEPARENT = "traceparent";

    /** When it was accepted, how often it was received. */
    private static final List<MessageSystemAttributeName> ALWAYS =
            List.of(MessageSystemAttributeName.SENT_TIMESTAMP, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);

    /** Names for a request; null for none. */
    @Nullable
    List<String> names() {
        List<String> names = new ArrayList<>(read);
        if (traced && !names.contains(TRACEPARENT)) {
            names.add(TRACEPARENT);
        }
        return names.isEmpty() ? null : names;
    }

    List<MessageSystemAttributeName> systemNames() {
        List<MessageSystemAttributeName> names = new ArrayList<>(ALWAYS);
        if (traced) {
            names.add(MessageSystemAttributeName.AWS_TRACE_HEADER);
        }
        return names;
    }
}
