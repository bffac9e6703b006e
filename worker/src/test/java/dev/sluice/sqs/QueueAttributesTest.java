package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Source.Depth;
import dev.sluice.sqs.QueueAttributes.DeadLetters;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class QueueAttributesTest {

    @Test
    void readsWhatTheQueueReports() {
        QueueAttributes attributes = QueueAttributes.of(Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT, "45",
                QueueAttributeName.MESSAGE_RETENTION_PERIOD, "60",
                QueueAttributeName.DELAY_SECONDS, "5",
                QueueAttributeName.FIFO_QUEUE, "true",
                QueueAttributeName.KMS_MASTER_KEY_ID, "alias/aws/sqs",
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "7"));

        assertThat(attributes)
                .isEqualTo(new QueueAttributes(
                        null,
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        true,
                        "SSE-KMS",
                        null,
                        new Depth(7, 0, 0)));
    }

    @Test
    void takesTheDefaultsOfSqsForWhatIsNotReported() {
        QueueAttributes attributes = QueueAttributes.of(Map.of());

        assertThat(attributes.visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(attributes.retention()).isNull();
        assertThat(attributes.encryption()).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"5\""})
    void readsRedrivePolicyWithCountAsNumberOrText(String count) {
        DeadLetters deadLetters = Objects.requireNonNull(QueueAttributes.deadLetters(
                "{\"maxReceiveCount\":" + count + ",\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:1:login-dlq\"}"));

        assertThat(deadLetters.maxReceiveCount()).isEqualTo(5);
        assertThat(deadLetters.queueName()).isEqualTo("login-dlq");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{", "{\"maxReceiveCount\":\"x\"}", "[1"})
    void findsNoDeadLettersInAnythingElse(String policy) {
        assertThat(QueueAttributes.deadLetters(policy)).isNull();
    }
}
