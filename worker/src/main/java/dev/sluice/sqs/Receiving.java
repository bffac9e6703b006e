package dev.sluice.sqs;

import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills batches from the queue: one long poll, and as long as answers come back full, rounds of further calls side by
 * side. Thread-safe; the number of calls at once is bounded over all lanes. What was received is returned even when a
 * later call fails; no call is broken off.
 */
final class Receiving implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Receiving.class);

    /** The longest WaitTimeSeconds (SQS API reference, ReceiveMessage). */
    private static final long MAX_WAIT_SECONDS = 20;

    /**
     * How long a batch is gathered after its first messages came. AWS fills one of 1,000 in a tenth of that; a server
     * that answers slowly must not use up the leases (30 s by default) of what is already in hand.
     */
    static final Duration GATHERING = Duration.ofSeconds(1);

    private static final Duration EMPTY_ANSWERS_APART = Duration.ofSeconds(1);

    private final SqsConnection connection;
    private final String queueUrl;
    private final SqsSettings settings;
    private final Duration gathering;
    private final ParallelCalls firstCalls;
    private final ParallelCalls furtherCalls;

    /** How wide the last full batch ended: the next begins there, instead of climbing anew. 1 when the queue ran dry. */
    private final AtomicInteger provenWidth = new AtomicInteger(1);

    Receiving(SqsConnection connection, String queueUrl, SqsSettings settings, Duration gathering) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.settings = settings;
        this.gathering = gathering;
        this.firstCalls = new ParallelCalls("sqs-poll", SqsConnection.RECEIVING_CONNECTIONS - SqsSettings.MAX_POLLERS);
        this.furtherCalls = new ParallelCalls("sqs-receive", settings.maxPollers());
    }

    /** What one call brought: its messages, or why it failed; {@code full} when it brought all it asked for. */
    private record Answer(List<Message> messages, boolean full, @Nullable InfrastructureException failure) {}

    /** As {@link dev.sluice.pipeline.Source#receive(Duration)}. */
    List<Message> receive(Duration patience) {
        Batch batch = new Batch(settings.batchMaxMessages(), settings.batchMaxBytes());
        int waitSeconds = waitSeconds(patience);
        long began = System.nanoTime();
        Answer first =
                firstCalls.map(batch.nextAsks(1), ask -> ask(ask, waitSeconds)).getFirst();
        if (first.failure() != null) {
            throw first.failure();
        }
        batch.add(first.messages());
        if (first.full()) {
            fill(batch);
        } else if (first.messages().isEmpty() && waitSeconds > 0) {
            rest(began);
        }
        return batch.messages();
    }

    /**
     * SQS answers a long poll without messages when its time is over. One that is answered at once (the quota of
     * messages in flight is reached, or the server does not know long polls) must not become a loop of paid calls.
     */
    private static void rest(long began) {
        long left = EMPTY_ANSWERS_APART.toNanos() - (System.nanoTime() - began);
        if (left > 0) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        firstCalls.close();
        furtherCalls.close();
    }

    /**
     * Seconds are all that SQS can wait. Part of a second is rounded up: a message ends the wait anyway, and rounded
     * down it would make a loop of empty, paid calls.
     */
    static int waitSeconds(Duration patience) {
        long up = patience.plusSeconds(1).minusNanos(1).toSeconds();
        return (int) Math.clamp(up, 0L, MAX_WAIT_SECONDS);
    }

    private void fill(Batch batch) {
        long began = System.nanoTime();
        int width = Math.max(2, provenWidth.get());
        List<Integer> asks = batch.nextAsks(width);
        while (!asks.isEmpty()) {
            // No wait: messages are in hand, and the next one, a second away, must not hold them up.
            List<Answer> answers = furtherCalls.map(asks, ask -> ask(ask, 0));
            answers.forEach(answer -> batch.add(answer.messages()));
            reportFailure(answers);
            boolean slow = System.nanoTime() - began >= gathering.toNanos();
            if (slow || !answers.stream().allMatch(Answer::full)) {
                provenWidth.set(1);
                return;
            }
            width = Math.min(settings.maxPollers(), 2 * width);
            asks = batch.nextAsks(width);
        }
        provenWidth.set(Math.min(settings.maxPollers(), width));
    }

    private static void reportFailure(List<Answer> answers) {
        answers.stream()
                .map(Answer::failure)
                .filter(failure -> failure != null)
                .findFirst()
                .ifPresent(failure -> LOG.warn("A batch ends early: {}", failure.getMessage()));
    }

    private Answer ask(int count, int waitSeconds) {
        try {
            List<Message> messages = connection
                    .receive(
                            "sqs:ReceiveMessage",
                            sqs -> sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                                    .maxNumberOfMessages(count)
                                    .waitTimeSeconds(waitSeconds)
                                    .messageSystemAttributeNames(Deliveries.ATTRIBUTES)))
                    .messages()
                    .stream()
                    .map(Deliveries::message)
                    .toList();
            return new Answer(messages, messages.size() == count, null);
        } catch (InfrastructureException failure) {
            return new Answer(List.of(), false, failure);
        }
    }
}
