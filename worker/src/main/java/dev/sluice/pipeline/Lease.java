package dev.sluice.pipeline;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    /**
     * How many visibility timeouts a suspect is hidden: one until its neighbours are visible again, the others for a
     * supervisor to start a worker anew, which takes Kubernetes five minutes at the worst.
     */
    private static final int APART = 12;

    /** The longest there is (SQS API reference, ChangeMessageVisibility), less what may have passed since the receive. */
    private static final Duration LONGEST = Duration.ofHours(11);

    private final Source source;
    private final Duration timeout;
    private final LongSupplier nanoClock;
    private final Map<Message, Long> overAtNanos = new HashMap<>();
    private final Stop released = new Stop();

    /** One extension at a time: a round of the background must not shorten what was just set apart. */
    private final Lock extending = new ReentrantLock();

    private @Nullable Message apart;
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

    /**
     * Hides a suspect for much longer than what waits behind it, before it is tried. If it kills the process, the others
     * come back first, and without it: they are done when it is seen again, so that it dies alone from then on. Blocks for
     * one try; that failing, the suspect is tried all the same.
     */
    void setApart(Message suspect) {
        extending.lock();
        try {
            apart = suspect;
            extend(List.of(suspect), apartTimeout());
        } finally {
            extending.unlock();
        }
    }

    private Duration apartTimeout() {
        Duration longer = timeout.multipliedBy(APART);
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }

    /** One round of extending; called by the background, and by tests. */
    void extend() {
        extending.lock();
        try {
            Map<Boolean, List<Message>> held =
                    held().stream().collect(Collectors.partitioningBy(message -> message.equals(apart)));
            extend(held.getOrDefault(false, List.of()), timeout);
            extend(held.getOrDefault(true, List.of()), apartTimeout());
        } finally {
            extending.unlock();
        }
    }

    private void extend(List<Message> messages, Duration hidden) {
        if (messages.isEmpty()) {
            return;
        }
        long began = nanoClock.getAsLong();
        Source.Extension extension = source.extend(messages, hidden);
        renew(extension, over(began, hidden));
        if (!extension.dead().isEmpty()) {
            LOG.warn(
                    "{} of {} messages in hand were lost: their visibility timeout was over.",
                    extension.dead().size(),
                    messages.size());
        }
    }

    private synchronized void begin(List<Message> messages) {
        long over = over(nanoClock.getAsLong(), timeout);
        messages.forEach(message -> overAtNanos.put(message, over));
    }

    /** What was settled while the call was under way stays settled. */
    private synchronized void renew(Source.Extension extension, long over) {
        extension.extended().forEach(message -> overAtNanos.computeIfPresent(message, (held, earlier) -> over));
        extension.dead().forEach(overAtNanos::remove);
    }

    private static long over(long begunNanos, Duration hidden) {
        return begunNanos + hidden.minus(hidden.dividedBy(SAFETY)).toNanos();
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
