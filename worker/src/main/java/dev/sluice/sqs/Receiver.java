package dev.sluice.sqs;

import dev.sluice.config.RunSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills batches from the queue: one long poll, and as long as answers bring messages, rounds of further calls side by
 * side. SQS fills an answer from a part of its servers, so that a short one says little about what is left. Thread-safe;
 * the number of calls at once is bounded over all lanes. What was received is returned even when a later call fails; no
 * call is broken off.
 */
final class Receiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    /** The longest WaitTimeSeconds (SQS API reference, ReceiveMessage). */
    private static final long MAX_WAIT_SECONDS = 20;

    /**
     * For how long further calls are begun after a batch's first messages came. AWS fills one of 1,000 in a tenth of
     * that; a server that answers slowly must not keep what has arrived waiting.
     */
    static final Duration GATHERING = Duration.ofSeconds(1);

    /**
     * Further calls at once over all consumers, besides the one that each starts with. With 20 ms a call, 32 receive 16,000
     * messages a second: more than one worker stores.
     */
    private static final int MAX_POLLERS = 32;

    private static final Duration EMPTY_ANSWERS_APART = Duration.ofSeconds(1);

    private final SqsConnection connection;
    private final String queueUrl;
    private final RunSettings run;
    private final Duration gathering;
    private final BoundedCalls firstCalls;
    private final BoundedCalls furtherCalls;

    /** How wide the last batch ended: the next begins there, instead of climbing again. 1 when the queue ran dry. */
    private final AtomicInteger provenWidth = new AtomicInteger(1);

    Receiver(SqsConnection connection, String queueUrl, RunSettings run, Duration gathering) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.run = run;
        this.gathering = gathering;
        this.firstCalls = new BoundedCalls("sqs-poll", SqsConnection.POLLING_CONNECTIONS);
        this.furtherCalls = new BoundedCalls("sqs-receive", MAX_POLLERS);
    }

    /** What one call brought: its messages, or why it failed. */
    private record Answer(List<Message> messages, @Nullable InfrastructureException failure) {}

    /** As {@link dev.sluice.pipeline.Source#receive}. */
    List<Message> receive(Duration patience, Arrivals arrivals) {
        ReceivedBatch batch = ReceivedBatch.of(run);
        int waitSeconds = waitSeconds(patience);
        long began = System.nanoTime();
        int asked = batch.nextAsks(1).getFirst();
        Answer first = firstCalls
                .map(List.of(asked), count -> ask(count, waitSeconds, arrivals))
                .getFirst();
        if (first.failure() != null) {
            throw first.failure();
        }
        int came = first.messages().size();
        batch.add(first.messages());
        if (came == 0 && waitSeconds > 0) {
            rest(began);
        } else if (came > 0 && (isPlenty(came, asked) || provenWidth.get() > 1)) {
            fill(batch, arrivals);
        }
        return batch.messages();
    }

    /** Whether answers suggest that there is more. On a queue that was dry, a few messages are a trickle: one call each. */
    private static boolean isPlenty(int came, int asked) {
        return 2 * came >= asked;
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

    private void fill(ReceivedBatch batch, Arrivals arrivals) {
        long began = System.nanoTime();
        int width = Math.max(2, provenWidth.get());
        List<Integer> asks = batch.nextAsks(width);
        while (!asks.isEmpty()) {
            // No wait: messages are in flight, and the next one, a second away, must not hold them up.
            List<Answer> answers = furtherCalls.map(asks, ask -> ask(ask, 0, arrivals));
            List<Message> came = answers.stream()
                    .flatMap(answer -> answer.messages().stream())
                    .toList();
            boolean dry = !batch.add(came);
            boolean slow = System.nanoTime() - began >= gathering.toNanos();
            if (reportFailure(answers) || dry || slow) {
                provenWidth.set(1);
                return;
            }
            int asked = asks.stream().mapToInt(Integer::intValue).sum();
            width = isPlenty(came.size(), asked) ? Math.min(MAX_POLLERS, 2 * width) : Math.max(1, width / 2);
            asks = batch.nextAsks(width);
        }
        provenWidth.set(Math.max(2, width));
    }

    private static boolean reportFailure(List<Answer> answers) {
        Optional<InfrastructureException> failure =
                answers.stream().map(Answer::failure).filter(Objects::nonNull).findFirst();
        failure.ifPresent(known -> LOG.warn("A batch ends early: {}", known.getMessage()));
        return failure.isPresent();
    }

    private Answer ask(int count, int waitSeconds, Arrivals arrivals) {
        long asked = System.nanoTime();
        try {
            List<Message> messages = connection
                    .receive(
                            "sqs:ReceiveMessage",
                            waitSeconds > 0,
                            sqs -> sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                                    .maxNumberOfMessages(count)
                                    .waitTimeSeconds(waitSeconds)
                                    .messageSystemAttributeNames(MessageConverter.ATTRIBUTES)))
                    .messages()
                    .stream()
                    .map(MessageConverter::message)
                    .toList();
            if (!messages.isEmpty()) {
                arrivals.arrived(messages, asked);
            }
            return new Answer(messages, null);
        } catch (InfrastructureException failure) {
            return new Answer(List.of(), failure);
        }
    }
}
