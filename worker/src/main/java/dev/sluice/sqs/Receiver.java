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
 * Fills batches from the queue: one long poll, then rounds of parallel calls for as long as they bring messages. SQS fills
 * an answer from some of its servers, so a short answer says little about what is left. Thread-safe; the number of
 * parallel calls is bounded over all consumers. What was received is returned even if a later call fails; no call is
 * cancelled.
 */
final class Receiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    /** The longest WaitTimeSeconds (SQS API reference, ReceiveMessage). */
    private static final long MAX_WAIT_SECONDS = 20;

    /**
     * For how long after a batch's first messages further calls are started. AWS fills a batch of 1,000 in a tenth of
     * that; a slow server must not delay what has arrived.
     */
    static final Duration GATHERING = Duration.ofSeconds(1);

    /**
     * Further parallel calls over all consumers, besides the one that each starts with. With 20 ms per call, 32 receive
     * 16,000 messages per second: more than one worker stores.
     */
    private static final int MAX_POLLERS = 32;

    private static final Duration EMPTY_ANSWER_INTERVAL = Duration.ofSeconds(1);

    private final SqsConnection connection;
    private final String queueUrl;
    private final ReceivedAttributes attributes;
    private final RunSettings run;
    private final Duration gathering;
    private final BoundedCalls firstCalls;
    private final BoundedCalls furtherCalls;

    /** How many parallel calls the last batch ended with: the next starts there. 1 if the queue ran dry. */
    private final AtomicInteger provenWidth = new AtomicInteger(1);

    Receiver(
            SqsConnection connection,
            String queueUrl,
            ReceivedAttributes attributes,
            RunSettings run,
            Duration gathering) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.attributes = attributes;
        this.run = run;
        this.gathering = gathering;
        this.firstCalls = new BoundedCalls("sqs-poll", MessageCalls.CONNECTIONS);
        this.furtherCalls = new BoundedCalls("sqs-receive", MAX_POLLERS);
    }

    /** What one call returned: its messages, or why it failed. */
    private record CallResult(List<Message> messages, @Nullable InfrastructureException failure) {}

    /** As {@link dev.sluice.pipeline.Source#receive}. */
    List<Message> receive(Duration waitTime, Arrivals arrivals) {
        ReceivedBatch batch = ReceivedBatch.of(run);
        int waitSeconds = waitSeconds(waitTime);
        long began = System.nanoTime();
        List<Integer> size = batch.nextCalls(1);
        CallResult first = firstCalls
                .map(size, count -> call(count, waitSeconds, arrivals))
                .getFirst();
        if (first.failure() != null) {
            throw first.failure();
        }
        int received = first.messages().size();
        batch.add(first.messages());
        if (received == 0 && waitSeconds > 0) {
            pauseSince(began);
        } else if (received > 0 && (isPlenty(received, size.getFirst()) || provenWidth.get() > 1)) {
            fill(batch, arrivals);
        }
        return batch.messages();
    }

    /** Whether answers suggest that there is more. After an empty queue, a few messages do not: one call each is enough. */
    private static boolean isPlenty(int received, int requested) {
        return 2 * received >= requested;
    }

    /**
     * SQS answers a long poll without messages when its time is over. One that is answered at once (the quota of
     * messages in flight is reached, or the server does not support long polls) must not become a loop of paid calls.
     */
    private static void pauseSince(long began) {
        long left = EMPTY_ANSWER_INTERVAL.toNanos() - (System.nanoTime() - began);
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
     * SQS waits whole seconds. Part of a second is rounded up: a message ends the wait anyway, and rounding down would make
     * a loop of empty, paid calls.
     */
    static int waitSeconds(Duration waitTime) {
        long up = waitTime.plusSeconds(1).minusNanos(1).toSeconds();
        return (int) Math.clamp(up, 0L, MAX_WAIT_SECONDS);
    }

    private void fill(ReceivedBatch batch, Arrivals arrivals) {
        long began = System.nanoTime();
        int width = Math.max(2, provenWidth.get());
        List<Integer> sizes = batch.nextCalls(width);
        while (!sizes.isEmpty()) {
            // No wait: messages are in flight, and the next one, a second away, must not delay them.
            List<CallResult> results = furtherCalls.map(sizes, size -> call(size, 0, arrivals));
            List<Message> received = results.stream()
                    .flatMap(result -> result.messages().stream())
                    .toList();
            boolean dry = !batch.add(received);
            boolean slow = System.nanoTime() - began >= gathering.toNanos();
            if (logFailure(results) || dry || slow) {
                provenWidth.set(1);
                return;
            }
            int requested = sizes.stream().mapToInt(Integer::intValue).sum();
            boolean plenty = isPlenty(received.size(), requested);
            width = plenty ? Math.min(MAX_POLLERS, 2 * width) : Math.max(1, width / 2);
            sizes = batch.nextCalls(width);
        }
        provenWidth.set(Math.max(2, width));
    }

    private static boolean logFailure(List<CallResult> results) {
        Optional<InfrastructureException> failure = results.stream()
                .map(CallResult::failure)
                .filter(Objects::nonNull)
                .findFirst();
        failure.ifPresent(known -> LOG.warn("A batch ends early: {}", known.getMessage()));
        return failure.isPresent();
    }

    private CallResult call(int count, int waitSeconds, Arrivals arrivals) {
        long began = System.nanoTime();
        try {
            List<Message> messages = connection
                    .calls()
                    .receive(queueUrl, new MessageCalls.Request(count, waitSeconds, null, attributes));
            if (!messages.isEmpty()) {
                arrivals.arrived(messages, began);
            }
            return new CallResult(messages, null);
        } catch (InfrastructureException failure) {
            return new CallResult(List.of(), failure);
        }
    }
}
