package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.CallListener;
import dev.sluice.config.TestSettings;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqsSourceTest {

    private final StubSqs sqs = new StubSqs();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void reportsTheRetentionPeriod() {
        sqs.answers("GetQueueAttributes", StubSqs.ok("{\"Attributes\":{\"MessageRetentionPeriod\":\"1209600\"}}"));

        try (Source source = Queues.source(
                sqs.settings(), List.of(), false, TestSettings.RUN, StubSqs.Keys.MADE_UP, CallListener.NONE)) {
            assertThat(source.retention()).contains(Duration.ofDays(14));
        }
    }

    @Test
    void doesNotGuessARetentionPeriodThatIsNotReported() {
        try (Source source = Queues.source(
                sqs.settings(), List.of(), false, TestSettings.RUN, StubSqs.Keys.MADE_UP, CallListener.NONE)) {
            assertThat(source.retention()).isEmpty();
            assertThat(source.visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
        }
    }
}
