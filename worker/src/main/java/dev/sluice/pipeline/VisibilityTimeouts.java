package dev.sluice.pipeline;

import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The visibility timeouts of the messages in flight; only {@link InFlight} uses it. Each counts from the call that brought
 * the message, and is extended in the background after a third, until it is ended or this is closed, through outages and
 * shutdown. A message whose timeout is over or whose receipt handle is no longer valid is lost: others may have received
 * it, so no commit may start for it.
 *
 * <p>Thread-safe: messages arrive on several threads, and the consumer checks while the background extends.
 */
final class VisibilityTimeouts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VisibilityTimeouts.class);

    /** Extended after a third, so that two tries may fail before a timeout is over. */
    private static final int TRIES = 3;

    /** A timeout counts as over a tenth early: for the clocks of two machines, and the time that the next call takes. */
    private static final int SAFETY = 10;

    /** After a long poll an extension may be due at once; most batches are settled within this, and need none. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(1);

    /** Between two extensions, whatever is due. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    /** For how long SQS hides a message after one receive, with all extensions (API reference, ChangeMessageVisibility). */
    private static final Duration LONGEST_HIDDEN = Duration.ofHours(12);

    /** SQS counts from when it sent the answer, and refuses what exceeds its limit by a second. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** SQS counts in whole seconds. */
    private static final Duration SHORTEST_HIDDEN = Duration.ofSeconds(1);

    private final Source source;
    private final Duration timeout;
    private final LongSupplier nanoClock;
    private final ShutdownSignal closed = new ShutdownSignal();

    /** By message id, in order of arrival. */
    private final Map<String, Held> heldById = new LinkedHashMap<>();

    /** One extension at a time. */
    private final Lock extending = new ReentrantLock();

    private final Thread extender = Thread.ofVirtual().name("visibility").unstarted(this::extendUntilClosed);

    VisibilityTimeouts(Source source) {
        this(source, System::nanoTime);
    }

    VisibilityTimeouts(Source source, LongSupplier nanoClock) {
        this.source = source;
        this.timeout = source.visibilityTimeout();
        this.nanoClock = nanoClock;
    }

    /** A message and its timeout, by the nano clock. Guarded by the outer object. */
    private static final class Held {

        private final Message message;
        private final long receivedAt;
        private long dueAt;
        private long overAt;
        private boolean lost;

        Held(Message message, long receivedAt, long dueAt, long overAt) {
            this.message = message;
            this.receivedAt = receivedAt;
            this.dueAt = dueAt;
            this.overAt = overAt;
        }
    }

    /**
     * Begins the timeouts of messages. For one that is here already, the newer receipt handle counts. Where a slow call has
     * left less than a third of the timeout, extends before it returns.
     *
     * @param calledAtNanos when the call began that brought them, by the nano clock
     */
    void begin(List<Message> messages, long calledAtNanos) {
        long now = nanoClock.getAsLong();
        Duration third = timeout.dividedBy(TRIES);
        Duration grace = smaller(LONGEST_GRACE, third.dividedBy(2));
        long over = over(calledAtNanos, timeout);
        long due = later(calledAtNanos + third.toNanos(), now + grace.toNanos());
        add(messages.stream()
                .map(message -> new Held(message, calledAtNanos, due, over))
                .toList());
        if (over - now < third.toNanos()) {
            extend();
        }
    }

    private synchronized void add(List<Held> arrived) {
        arrived.forEach(held -> heldById.merge(
                held.message.id(),
                held,
                (known, newer) -> newer.message.receiveCount() < known.message.receiveCount() ? known : newer));
        if (extender.getState() == Thread.State.NEW) {
            extender.start();
        }
    }

    private void extendUntilClosed() {
        while (!closed.await(untilDue())) {
            extend();
        }
    }

    private synchronized Duration untilDue() {
        long now = nanoClock.getAsLong();
        long nanos = heldById.values().stream()
                .filter(held -> !held.lost)
                .mapToLong(held -> held.dueAt - now)
                .min()
                .orElse(timeout.dividedBy(TRIES).toNanos());
        return Duration.ofNanos(Math.max(SHORTEST_PAUSE.toNanos(), nanos));
    }

    /** One extension of all; called by the background, and by tests. */
    void extend() {
        extending.lock();
        try {
            extend(extendable());
        } finally {
            extending.unlock();
        }
    }

    private synchronized List<Held> extendable() {
        return heldById.values().stream().filter(held -> !held.lost).toList();
    }

    private void extend(List<Held> held) {
        if (held.isEmpty()) {
            return;
        }
        long began = nanoClock.getAsLong();
        long oldest =
                held.stream().mapToLong(one -> began - one.receivedAt).max().orElse(0);
        Duration left = LONGEST_HIDDEN.minus(MARGIN).minusNanos(oldest);
        if (left.compareTo(SHORTEST_HIDDEN) < 0) {
            return; // they are redelivered at the limit, which no extension moves
        }
        Duration hidden = smaller(timeout, left);
        Source.Extension extension =
                source.extend(held.stream().map(one -> one.message).toList(), hidden);
        int lost = apply(extension, held, began, hidden);
        if (lost > 0) {
            LOG.warn("{} of {} messages in flight were lost: their visibility timeout was over.", lost, held.size());
        }
    }

    /** Returns how many were lost. What was settled during the call stays settled. */
    private synchronized int apply(Source.Extension extension, List<Held> requested, long began, Duration hidden) {
        requested.forEach(held -> held.dueAt = began + timeout.dividedBy(TRIES).toNanos());
        for (Message message : extension.extended()) {
            Held held = heldById.get(message.id());
            if (held != null) {
                held.overAt = over(began, hidden);
            }
        }
        int lost = 0;
        for (Message message : extension.dead()) {
            Held held = heldById.get(message.id());
            if (held != null && held.message.receiptHandle().equals(message.receiptHandle())) {
                held.lost = true;
                lost++;
            }
        }
        return lost;
    }

    private static long over(long begunNanos, Duration hidden) {
        return begunNanos + hidden.minus(hidden.dividedBy(SAFETY)).toNanos();
    }

    private static Duration smaller(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Of two readings of a clock whose origin is arbitrary. */
    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    /** Those that have not ended, lost ones included, in order of arrival. */
    synchronized List<Message> messages() {
        return heldById.values().stream().map(held -> held.message).toList();
    }

    /** Whether the message is still hidden from others, so that a commit may start for it. */
    synchronized boolean isLive(Message message) {
        Held held = heldById.get(message.id());
        return held != null && !held.lost && nanoClock.getAsLong() - held.overAt < 0;
    }

    /** Called when messages are settled or lost: they are not extended again. */
    synchronized void end(List<Message> messages) {
        messages.forEach(message -> heldById.remove(message.id()));
    }

    /** Stops extending, and waits for an extension under way: it must not hide what is made visible after this. */
    @Override
    public void close() {
        closed.request();
        try {
            extender.join(); // at once if it was never started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
