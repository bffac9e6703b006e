package dev.sluice.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * In which trace a message was sent, as its sender has written it: any text. Received only if a run is traced.
 *
 * @param traceparent the message attribute of that name (W3C Trace Context); null without one
 * @param awsTraceHeader the system attribute AWSTraceHeader (X-Ray); null without one
 */
public record TraceHeaders(@Nullable String traceparent, @Nullable String awsTraceHeader) {

    /** Of a message that has none, or whose run is not traced. */
    public static final TraceHeaders NONE = new TraceHeaders(null, null);

    /** Neither: a sender may have written anything. */
    @Override
    public String toString() {
        return "TraceHeaders";
    }
}
