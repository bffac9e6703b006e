package dev.sluice.sqs;

import dev.sluice.pipeline.Source.Depth;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the queue says of itself.
 *
 * @param arn null where the service does not tell
 * @param visibilityTimeout how long a received message stays hidden if nobody settles it
 * @param retention how long a message is kept if nobody deletes it; null where the service does not tell
 * @param delay how long a message is hidden after it was sent
 * @param fifo whether it is a FIFO queue
 * @param encryption "SSE-KMS", "SSE-SQS" or "none"
 * @param deadLetters where messages go that were received too often; null when there is no redrive policy
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
    }
}
