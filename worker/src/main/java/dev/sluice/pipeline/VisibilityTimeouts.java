package dev.sluice.pipeline;

import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's right to the messages it has in flight: the visibility timeout of each, counted from the call that brought it,
 * and extended in the background at a third, from the arrival of the first message until the lane closes it, through
 * outages and drain too. A message whose lease ran out or whose receipt handle died is lost: somebody else may have it by
 * now, so no commit may be started for it, and it is not extended again.
 *
 * <p>Thread-safe: messages arrive on several threads, and the lane asks while the background extends.
 */
final class VisibilityTimeouts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VisibilityTimeouts.class);

    /** Extended at a third, so that two tries may fail before a lease is over. */
    private static final int TRIES = 3;

    /** A lease counts as over a tenth early: the clocks of two machines, and the time that the next call takes. */
    private static final int SAFETY = 10;

    /** After a long poll a lease may be due at once; most batches are settled within this, and need no extension. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(1);

    /** Between two rounds of extending, whatever is due. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    /** For how long SQS hides a message after one receive, all extensions included (API reference, ChangeMessageVisibility). */
    private static final Duration LONGEST_HIDDEN = Duration.ofHours(12);

    /** SQS counts from when it sent the answer, and refuses what goes beyond its bound by a second. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** SQS counts in whole seconds. */
    private static final Duration SHORTEST_HIDDEN = Duration.ofSeconds(1);

    private final Source source;
    private final Duration timeout;
    private final LongSupplier nanoClock;
    private final Map<String, Held> heldById = new HashMap<>();
    private final ShutdownSignal closed = new ShutdownSignal();

    /** One round of extending at a time. */
    private final Lock extending = new ReentrantLock();

    private @Nullable Thread extender;

    VisibilityTimeouts(Source source) {
        this(source, System::nanoTime);
    }

    VisibilityTimeouts(Source source, LongSupplier nanoClock) {
        this.source = source;
        this.timeout = source.visibilityTimeout();
        this.nanoClock = nanoClock;
    }

    /**
     * A message and its lease.
     *
     * @param receivedAtNanos when the call began that brought it
     * @param dueAtNanos when it is to be extended
     * @param overAtNanos when it counts as over
     */
    private record Held(Message message, long receivedAtNanos, long dueAtNanos, long overAtNanos) {}

    /**
     * Begins the leases of messages. One that is there already is delivered again: its newer receipt handle counts. A lease
     * of which a call that hung has left less than a third is extended before this returns.
     *
     * @param askedAtNanos when the call began that brought them, by the clock of this lease
     */
    void begin(List<Message> messages, long askedAtNanos) {
        long now = nanoClock.getAsLong();
        Duration third = timeout.dividedBy(TRIES);
        Duration grace = smaller(LONGEST_GRACE, third.dividedBy(2));
        long over = over(askedAtNanos, timeout);
        long due = later(askedAtNanos + third.toNanos(), now + grace.toNanos());
        add(messages.stream()
                .map(message -> new Held(message, askedAtNanos, due, over))
                .toList());
        if (over - now < third.toNanos()) {
            extend();
        }
    }

    private synchronized void add(List<Held> arrived) {
        for (Held held : arrived) {
            heldById.merge(
                    held.message().id(),
                    held,
                    (known, newer) ->
                            newer.message().receiveCount() < known.message().receiveCount() ? known : newer);
        }
        if (extender == null) {
            extender = Thread.ofVirtual().name("lease").start(this::extendUntilClosed);
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
                .mapToLong(held -> held.dueAtNanos() - now)
                .min()
                .orElse(timeout.dividedBy(TRIES).toNanos());
        return Duration.ofNanos(Math.max(SHORTEST_PAUSE.toNanos(), nanos));
    }

    /** One round of extending; called by the background, and by tests. */
    void extend() {
        extending.lock();
        try {
            extend(held());
        } finally {
            extending.unlock();
        }
    }

    private void extend(List<Held> held) {
        if (held.isEmpty()) {
            return;
        }
        long began = nanoClock.getAsLong();
        long oldest = held.stream()
                .mapToLong(one -> began - one.receivedAtNanos())
                .max()
                .orElse(0);
        Duration left = LONGEST_HIDDEN.minus(MARGIN).minusNanos(oldest);
        if (left.compareTo(SHORTEST_HIDDEN) < 0) {
            return; // they come again at the bound, which no extension moves
        }
        Duration hidden = smaller(timeout, left);
        Source.Extension extension =
                source.extend(held.stream().map(Held::message).toList(), hidden);
        int lost = renew(held, extension, began, hidden);
        if (lost > 0) {
            LOG.warn("{} of {} messages in flight were lost: their visibility timeout was over.", lost, held.size());
        }
    }

    /** What was settled while the call was under way stays settled, and is not told to be lost. */
    private synchronized int renew(List<Held> asked, Source.Extension extension, long began, Duration hidden) {
        long due = began + timeout.dividedBy(TRIES).toNanos();
        asked.forEach(held -> heldById.computeIfPresent(
                held.message().id(),
                (id, known) -> new Held(known.message(), known.receivedAtNanos(), due, known.overAtNanos())));
        long over = over(began, hidden);
        extension
                .extended()
                .forEach(message -> heldById.computeIfPresent(
                        message.id(),
                        (id, known) -> new Held(known.message(), known.receivedAtNanos(), known.dueAtNanos(), over)));
        int lost = 0;
        for (Message message : extension.dead()) {
            Held known = heldById.get(message.id());
            if (known != null && known.message().receiptHandle().equals(message.receiptHandle())) {
                heldById.remove(message.id());
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

    private synchronized List<Held> held() {
        return List.copyOf(heldById.values());
    }

    /** Whether the message is still ours, so that a commit may be started for it. */
    synchronized boolean isLive(Message message) {
        Held held = heldById.get(message.id());
        return held != null && nanoClock.getAsLong() - held.overAtNanos() < 0;
    }

    /** Called when a message is settled or given back: it is not extended again. */
    synchronized void settled(List<Message> messages) {
        messages.forEach(message -> heldById.remove(message.id()));
    }

    /** Stops extending and waits for an extension under way: it must not hide again what is given back after this. */
    @Override
    public void close() {
        closed.request();
        Thread running = running();
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized @Nullable Thread running() {
        return extender;
    }
}
