package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Source.Depth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of the account, for people who look for the right one.
 *
 * @param depth null if its attributes could not be read
 * @param deadLetters where its messages go that were received too often; null for nowhere, or if they could not be read
 * @param deadLettersOf the names of the listed queues whose dead-letter queue it is
 * @param fault why its attributes could not be read; null if they were
 */
public record QueueOverview(
        String name,
        @Nullable Depth depth,
        QueueAttributes.@Nullable DeadLetters deadLetters,
        List<String> deadLettersOf,
        @Nullable InfrastructureException fault) {

    /** Copies the list. */
    public QueueOverview {
        deadLettersOf = List.copyOf(deadLettersOf);
    }
}
