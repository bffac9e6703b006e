package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.TraceHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivedAttributesTest {

    private static final byte[] RECEIVED =
            """
            {"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"{}","MD5OfBody":"99914b932bd37a50b983c5e7c90ae93b",
              "Attributes":{"SentTimestamp":"1","ApproximateReceiveCount":"1","AWSTraceHeader":"x-ray"},
              "MessageAttributes":{"traceparent":{"DataType":"String","StringValue":"w3c"}}}]}
            """
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void asksForNoTraceUnlessTheRunIsTraced() {
        ReceivedAttributes untraced = new ReceivedAttributes(List.of(), false);

        assertThat(untraced.names()).isEmpty();
        assertThat(untraced.systemNames()).containsExactly("SentTimestamp", "ApproximateReceiveCount");
        assertThat(read(untraced).trace()).isEqualTo(TraceHeaders.NONE);
    }

    @Test
    void asksForBothHeadersOfATracedRun() {
        ReceivedAttributes traced = new ReceivedAttributes(List.of("tenant", "traceparent"), true);

        assertThat(traced.names()).containsExactly("tenant", "traceparent");
        assertThat(new ReceivedAttributes(List.of(), true).names()).containsExactly("traceparent");
        assertThat(traced.systemNames()).contains("AWSTraceHeader");
    }

    /** What is stored, and what an original is sealed with, does not depend on whether a run is traced. */
    @Test
    void aTraceIsAnAttributeOnlyIfThePipelineReadsIt() {
        Message traced = read(new ReceivedAttributes(List.of(), true));

        assertThat(traced.trace()).isEqualTo(new TraceHeaders("w3c", "x-ray"));
        assertThat(traced.attributes().byName()).isEmpty();
        assertThat(read(new ReceivedAttributes(List.of("traceparent"), true))
                        .attributes()
                        .byName())
                .containsOnlyKeys("traceparent");
    }

    private static Message read(ReceivedAttributes requested) {
        return ReceiveAnswer.read(RECEIVED, requested).getFirst();
    }
}
