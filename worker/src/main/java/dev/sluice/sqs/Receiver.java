package dev.sluice.sqs;

import dev.sluice.aws.HttpClients;
import dev.sluice.config.RunSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source.Arrivals;
import dev.sluice.pipeline.Source.Received;
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
 * Fills batches from the queue, by rounds of parallel calls for as long as they bring messages; where nothing is known to
 * wait, after one long poll. The number of parallel calls doubles while answers come, up to a bound over all consumers, and
 * falls to one when the queue is dry. Thread-safe. What was received is returned even if a later call fails; no call is
 * cancelled.
 */
final class Receiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    /** The longest WaitTimeSeconds (SQS API reference, ReceiveMessage). */
    private static final long MAX_WAIT_SECONDS = 20;

    /**
     * For how long after a batch's first calls further ones are started: what has arrived is not delayed for longer. Calls
     * that take 50 ms fill a batch of 1,000 in that time, once it is known how many at a time it takes.
     */
    static final Duration GATHERING = Duration.ofMillis(100);

    /** AWS answers with up to 10 MiB, though with kilobytes on most queues: a heap of 256 MB makes 32 calls at once. */
    private static final long HEAP_PER_CALL = 8L << 20;

    private static final int FEWEST_CALLS = 16;

    /**
     * Between two long polls that bring a few messages each: a trickle gathers on the queue for that long, instead of costing
     * two calls and a transaction per message. A message that comes after a pause does not wait.
     */
    private static final Duration TRICKLE_INTERVAL = Duration.ofMillis(50);

    /**
     * SQS answers a long poll without messages when its time is over. One that is answered at once (the quota of messages in
     * flight is reached, or the server does not support long polls) must not become a loop of paid calls.
     */
    private static final Duration EMPTY_ANSWER_INTERVAL = Duration.ofSeconds(1);

    private final SqsConnection connection;
    private final String queueUrl;
    private final ReceivedAttributes attributes;
    private final RunSettings run;
    private final Duration gathering;
    private final int maxCalls;
    private final BoundedCalls calls;

    /** When a long poll last brought messages, by the nano clock; written by the one consumer that polls. */
    private volatile long trickledAt = System.nanoTime() - TRICKLE_INTERVAL.toNanos();

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
        this.maxCalls =
                Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_PER_CALL, FEWEST_CALLS, HttpClients.CONNECTIONS);
        this.calls = new BoundedCalls("sqs-receive", maxCalls);
    }

    /** What one call returned: its messages, or why it failed. */
    private record CallResult(List<Message> messages, @Nullable InfrastructureException failure) {}

    /** As {@link dev.sluice.pipeline.Source#receive}. */
    Received receive(Duration waitTime, Arrivals arrivals) {
        ReceivedBatch batch = ReceivedBatch.of(run);
        int waitSeconds = waitSeconds(waitTime);
        boolean more =
                waitSeconds > 0 ? poll(batch, waitSeconds, arrivals) : gather(batch, provenWidth.get(), arrivals);
        if (!more) {
            provenWidth.set(1);
        }
        return new Received(batch.messages(), more);
    }

    /** One long poll; what it brings decides whether further calls are worth their price. */
    private boolean poll(ReceivedBatch batch, int waitSeconds, Arrivals arrivals) {
        pause(trickledAt, TRICKLE_INTERVAL);
        long began = System.nanoTime();
        int size = batch.nextCalls(1).getFirst();
        CallResult first = calls.map(List.of(size), count -> call(count, waitSeconds, arrivals))
                .getFirst();
        if (first.failure() != null) {
            throw first.failure();
        }
        batch.add(first.messages());
        if (first.messages().isEmpty()) {
            pause(began, EMPTY_ANSWER_INTERVAL);
        } else {
            trickledAt = System.nanoTime();
        }
        return 2 * first.messages().size() >= size && gather(batch, 2, arrivals);
    }

    private static void pause(long since, Duration interval) {
        long left = interval.toNanos() - (System.nanoTime() - since);
        if (left > 0) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * SQS waits whole seconds. Part of a second is rounded up: a message ends the wait anyway, and rounding down would make
     * a loop of empty, paid calls.
     */
    static int waitSeconds(Duration waitTime) {
        long up = waitTime.plusSeconds(1).minusNanos(1).toSeconds();
        return (int) Math.clamp(up, 0L, MAX_WAIT_SECONDS);
    }

    /**
     * Rounds of parallel calls that do not wait, since messages are in flight. An answer may be short although the queue
     * is full, as SQS asks only some of its servers; so it is dry when half of a round's answers are empty.
     *
     * @return whether the queue probably has more
     */
    private boolean gather(ReceivedBatch batch, int firstWidth, Arrivals arrivals) {
        long began = System.nanoTime();
        int width = firstWidth;
        List<Integer> sizes = batch.nextCalls(width);
        while (!sizes.isEmpty()) {
            List<CallResult> results = calls.map(sizes, size -> call(size, 0, arrivals));
            boolean grows = batch.add(results.stream()
                    .flatMap(result -> result.messages().stream())
                    .toList());
            boolean failed = isFailed(results, batch);
            long empty = results.stream()
                    .filter(result -> result.messages().isEmpty())
                    .count();
            if (!grows || failed || 2 * empty > sizes.size()) {
                return false;
            }
            width = Math.min(maxCalls, 2 * width);
            boolean late = System.nanoTime() - began >= gathering.toNanos();
            sizes = late || batch.isNearlyFull() ? List.of() : batch.nextCalls(width);
        }
        provenWidth.set(width);
        return true;
    }

    /** Whether a call failed; the batch is what the others brought. */
    private static boolean isFailed(List<CallResult> results, ReceivedBatch batch) {
        Optional<InfrastructureException> failure = results.stream()
                .map(CallResult::failure)
                .filter(Objects::nonNull)
                .findFirst();
        if (failure.isPresent() && batch.messages().isEmpty()) {
            throw failure.get();
        }
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

    @Override
    public void close() {
        calls.close();
    }
}
