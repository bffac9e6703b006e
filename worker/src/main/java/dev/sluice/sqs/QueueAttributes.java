package dev.sluice.sqs;

import dev.sluice.pipeline.Source.Depth;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What GetQueueAttributes reports of a queue. An attribute that the service leaves out has SQS's default, except the
 * retention period: data is deleted by it, so it must not be guessed.
 *
 * @param arn null if not reported
 * @param visibilityTimeout how long a received message stays hidden unless it is deleted
 * @param retention how long a message is kept unless it is deleted; null if not reported
 * @param delay how long a message is hidden after it was sent
 * @param fifo whether it is a FIFO queue
 * @param encryption "SSE-KMS", "SSE-SQS" or "none"
 * @param deadLetters where messages go that were received too often; null if there is no readable redrive policy
 * @param depth the approximate counts
 */
public record QueueAttributes(
        @Nullable String arn,
        Duration visibilityTimeout,
        @Nullable Duration retention,
        Duration delay,
        boolean fifo,
        String encryption,
        @Nullable DeadLetters deadLetters,
        Depth depth) {

    /** SQS API reference, SetQueueAttributes. */
    private static final Duration DEFAULT_VISIBILITY = Duration.ofSeconds(30);

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * The redrive policy.
     *
     * @param arn of the dead-letter queue
     * @param maxReceiveCount after how many receives a message goes there
     */
    public record DeadLetters(String arn, int maxReceiveCount) {

        /** The dead-letter queue's name: the last part of its ARN. */
        public String queueName() {
            return arn.substring(arn.lastIndexOf(':') + 1);
        }

        /** The account that owns it: the part of its ARN before the name; null if the ARN has none. */
        @Nullable
        String account() {
            String[] parts = arn.split(":", -1);
            return parts.length < 2 || parts[parts.length - 2].isEmpty() ? null : parts[parts.length - 2];
        }
    }

    /** @throws dev.sluice.failure.InfrastructureException if the call fails */
    static QueueAttributes read(SqsConnection connection, String queueUrl) {
        return of(connection.attributes(queueUrl).attributes());
    }

    static QueueAttributes of(Map<QueueAttributeName, String> texts) {
        return new QueueAttributes(
                texts.get(QueueAttributeName.QUEUE_ARN),
                Objects.requireNonNullElse(seconds(texts, QueueAttributeName.VISIBILITY_TIMEOUT), DEFAULT_VISIBILITY),
                seconds(texts, QueueAttributeName.MESSAGE_RETENTION_PERIOD),
                Duration.ofSeconds(count(texts, QueueAttributeName.DELAY_SECONDS)),
                Boolean.parseBoolean(texts.get(QueueAttributeName.FIFO_QUEUE)),
                encryption(texts),
                deadLetters(texts.get(QueueAttributeName.REDRIVE_POLICY)),
                new Depth(
                        count(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                        count(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                        count(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)));
    }

    private static String encryption(Map<QueueAttributeName, String> texts) {
        if (!texts.getOrDefault(QueueAttributeName.KMS_MASTER_KEY_ID, "").isEmpty()) {
            return "SSE-KMS";
        }
        return Boolean.parseBoolean(texts.get(QueueAttributeName.SQS_MANAGED_SSE_ENABLED)) ? "SSE-SQS" : "none";
    }

    /** Some services write the count as a number, some as a string. Null if there is no policy or it is not readable. */
    static @Nullable DeadLetters deadLetters(@Nullable String redrivePolicy) {
        if (redrivePolicy == null || redrivePolicy.isBlank()) {
            return null;
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), redrivePolicy)) {
            return deadLetters(json);
        } catch (JacksonException | NumberFormatException unreadable) {
            return null; // doctor reports "no readable redrive policy"
        }
    }

    private static @Nullable DeadLetters deadLetters(JsonParser json) {
        String arn = null;
        int maxReceiveCount = 0;
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if ("deadLetterTargetArn".equals(name)) {
                    arn = json.getString();
                } else if ("maxReceiveCount".equals(name)) {
                    maxReceiveCount = Integer.parseInt(json.getString());
                }
            }
        }
        return arn == null ? null : new DeadLetters(arn, maxReceiveCount);
    }

    private static @Nullable Duration seconds(Map<QueueAttributeName, String> texts, QueueAttributeName name) {
        return texts.getOrDefault(name, "").matches("\\d{1,18}") ? Duration.ofSeconds(count(texts, name)) : null;
    }

    private static long count(Map<QueueAttributeName, String> texts, QueueAttributeName name) {
        String text = texts.getOrDefault(name, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
