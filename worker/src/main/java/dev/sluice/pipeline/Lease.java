package dev.sluice.pipeline;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's right to the messages in its hand. It is extended in the background at a third of the visibility timeout,
 * through outages and drain too, until the lane closes it. A message whose lease ran out or whose receipt handle died is
 * lost: somebody else may have it by now, so no commit may be started for it, and it is not extended again.
 *
 * <p>Thread-safe: the lane asks while the background extends.
 */
final class Lease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /** Extended at a third, so that two tries may fail before a lease is over. */
    private static final int TRIES = 3;

    /** SQS counts in whole seconds: a third of the shortest timeout there is. */
    private static final Duration SHORTEST = Duration.ofMillis(333);

    /** A lease counts as over a tenth early: it began at the server, some time before we knew. */
    private static final int SAFETY = 10;

    private final Source source;
    private final Duration timeout;
    private final LongSupplier nanoClock;
    private final Map<Message, Long> overAtNanos = new HashMap<>();
    private final Stop released = new Stop();
    private final Thread extender;

    /** Begins now, for messages that were received just now. */
    static Lease of(Source source, List<Message> messages) {
        return new Lease(source, messages, System::nanoTime);
    }

    Lease(Source source, List<Message> messages, LongSupplier nanoClock) {
        this.source = source;
        this.timeout = source.visibilityTimeout();
        this.nanoClock = nanoClock;
        begin(messages);
        this.extender = Thread.ofVirtual().name("lease").start(this::extendUntilReleased);
    }

    private void extendUntilReleased() {
        Duration third = timeout.dividedBy(TRIES);
        while (!released.await(third.compareTo(SHORTEST) < 0 ? SHORTEST : third)) {
            extend();
        }
    }

    /** One round of extending; called by the background, and by tests. */
    void extend() {
        List<Message> held = List.copyOf(held());
        if (held.isEmpty()) {
            return;
        }
        long began = nanoClock.getAsLong();
        Source.Extension extension = source.extend(held);
        renew(extension, began);
        if (!extension.dead().isEmpty()) {
            LOG.warn(
                    "{} of {} messages in hand were lost: their visibility timeout was over.",
                    extension.dead().size(),
                    held.size());
        }
    }

    private synchronized void begin(List<Message> messages) {
        long over = over(nanoClock.getAsLong());
        messages.forEach(message -> overAtNanos.put(message, over));
    }

    /** What was settled while the call was under way stays settled. */
    private synchronized void renew(Source.Extension extension, long began) {
        long over = over(began);
        extension.extended().forEach(message -> overAtNanos.computeIfPresent(message, (held, earlier) -> over));
        extension.dead().forEach(overAtNanos::remove);
    }

    private long over(long begunNanos) {
        return begunNanos + timeout.minus(timeout.dividedBy(SAFETY)).toNanos();
    }

    private synchronized Set<Message> held() {
        return Set.copyOf(overAtNanos.keySet());
    }

    /** Whether the message is still ours, so that a commit may be started for it. */
    synchronized boolean isLive(Message message) {
        Long over = overAtNanos.get(message);
        return over != null && nanoClock.getAsLong() - over < 0;
    }

    /** Called when a message is settled or given back: it is not extended again. */
    synchronized void settled(List<Message> messages) {
        messages.forEach(overAtNanos::remove);
    }

    /** Stops extending and waits for an extension under way: it must not hide again what is given back after this. */
    @Override
    public void close() {
        released.ask();
        try {
            extender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
