package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.AWS_TRACE_HEADER;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.SENT_TIMESTAMP;

import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.TraceHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class ReceivedAttributesTest {

    private static final software.amazon.awssdk.services.sqs.model.Message RECEIVED =
            software.amazon.awssdk.services.sqs.model.Message.builder()
                    .messageId("m")
                    .receiptHandle("r")
                    .body("{}")
                    .attributes(Map.of(SENT_TIMESTAMP, "1", APPROXIMATE_RECEIVE_COUNT, "1", AWS_TRACE_HEADER, "x-ray"))
                    .messageAttributes(Map.of(
                            "traceparent",
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue("w3c")
                                    .build()))
                    .build();

    @Test
    void asksForNoTraceUnlessTheRunIsTraced() {
        ReceivedAttributes untraced = new ReceivedAttributes(List.of(), false);

        assertThat(untraced.names()).isNull();
        assertThat(untraced.systemNames()).containsExactly(SENT_TIMESTAMP, APPROXIMATE_RECEIVE_COUNT);
        assertThat(MessageConverter.message(RECEIVED, untraced).trace()).isEqualTo(TraceHeaders.NONE);
    }

    @Test
    void asksForBothHeadersOfATracedRun() {
        ReceivedAttributes traced = new ReceivedAttributes(List.of("tenant", "traceparent"), true);

        assertThat(traced.names()).containsExactly("tenant", "traceparent");
        assertThat(new ReceivedAttributes(List.of(), true).names()).containsExactly("traceparent");
        assertThat(traced.systemNames()).contains(AWS_TRACE_HEADER);
    }

    /** What is stored, and what an original is sealed with, does not depend on whether a run is traced. */
    @Test
    void aTraceIsAnAttributeOnlyIfThePipelineReadsIt() {
        Message traced = MessageConverter.message(RECEIVED, new ReceivedAttributes(List.of(), true));

        assertThat(traced.trace()).isEqualTo(new TraceHeaders("w3c", "x-ray"));
        assertThat(traced.attributes().byName()).isEmpty();
        assertThat(MessageConverter.message(RECEIVED, new ReceivedAttributes(List.of("traceparent"), true))
                        .attributes()
                        .byName())
                .containsOnlyKeys("traceparent");
    }
}
