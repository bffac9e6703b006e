package dev.sluice.sqs;

import dev.sluice.pipeline.Source.Depth;
import dev.sluice.sqs.QueueAttributes.DeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the texts of GetQueueAttributes. Stateless. What a service leaves out has SQS's default, except the retention: who
 * forgets by it must not guess.
 */
final class AttributeReader {

    static final List<QueueAttributeName> COUNTS = List.of(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

    /** SQS API reference, SetQueueAttributes. */
    private static final long DEFAULT_VISIBILITY_SECONDS = 30;

    private static final long NOT_TOLD = -1;

    private static final JsonFactory JSON = new JsonFactory();

    private AttributeReader() {}

    /** @throws dev.sluice.failure.InfrastructureException when the queue cannot be asked */
    static QueueAttributes read(SqsConnection connection, String queueUrl) {
        return of(connection
                .call(
                        "sqs:GetQueueAttributes",
                        sqs -> sqs.getQueueAttributes(
                                request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL)))
                .attributes());
    }

    static Depth depth(Map<QueueAttributeName, String> texts) {
        return new Depth(
                number(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, 0),
                number(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, 0),
                number(texts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED, 0));
    }

    static QueueAttributes of(Map<QueueAttributeName, String> texts) {
        return new QueueAttributes(
                texts.get(QueueAttributeName.QUEUE_ARN),
                seconds(texts, QueueAttributeName.VISIBILITY_TIMEOUT, DEFAULT_VISIBILITY_SECONDS),
                retention(texts),
                seconds(texts, QueueAttributeName.DELAY_SECONDS, 0),
                Boolean.parseBoolean(texts.get(QueueAttributeName.FIFO_QUEUE)),
                encryption(texts),
                deadLetters(texts.get(QueueAttributeName.REDRIVE_POLICY)),
                depth(texts));
    }

    private static @Nullable Duration retention(Map<QueueAttributeName, String> texts) {
        long seconds = number(texts, QueueAttributeName.MESSAGE_RETENTION_PERIOD, NOT_TOLD);
        return seconds == NOT_TOLD ? null : Duration.ofSeconds(seconds);
    }

    private static String encryption(Map<QueueAttributeName, String> texts) {
        if (!texts.getOrDefault(QueueAttributeName.KMS_MASTER_KEY_ID, "").isEmpty()) {
            return "SSE-KMS";
        }
        return Boolean.parseBoolean(texts.get(QueueAttributeName.SQS_MANAGED_SSE_ENABLED)) ? "SSE-SQS" : "none";
    }

    /** Some write the count as a number, some as a string. Null when there is none, or it is not the JSON we know. */
    static @Nullable DeadLetters deadLetters(@Nullable String redrivePolicy) {
        if (redrivePolicy == null || redrivePolicy.isBlank()) {
            return null;
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), redrivePolicy)) {
            return deadLetters(json);
        } catch (JacksonException | NumberFormatException unreadable) {
            return null; // said by doctor as "no readable redrive policy"
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

    private static Duration seconds(Map<QueueAttributeName, String> texts, QueueAttributeName name, long missing) {
        return Duration.ofSeconds(number(texts, name, missing));
    }

    private static long number(Map<QueueAttributeName, String> texts, QueueAttributeName name, long missing) {
        String text = texts.getOrDefault(name, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : missing;
    }
}
