package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Attempts.Unfinished;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Isolates poison messages, which kill the process, so that they do not take their neighbors to the dead-letter queue.
 * Redelivered messages are recorded before they are tried. A suspected poison message, one that was in flight in a worker
 * that died, is tried alone: after all others are settled, and while no other consumer works. One that was tried alone
 * when a worker died comes last. So a message that was once in flight with a poison message is received at most four
 * times: twice beside it, once behind it, once before it.
 *
 * <p>A FIFO queue's order is kept: there a suspected message is tried alone, but in its position. Shared by all consumers;
 * thread-safe.
 */
final class PoisonMessages {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonMessages.class);

    private final Attempts attempts;
    private final CircuitBreaker database;
    private final boolean ordered;

    /**
     * Read by consumers that work side by side, written by one that works alone. Fair, so that a suspected message waits no
     * longer than for the batches in flight.
     */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    /**
     * @param database the circuit breaker for calls of {@code attempts}
     * @param ordered whether messages must be tried in the order of receipt
     */
    PoisonMessages(Attempts attempts, CircuitBreaker database, boolean ordered) {
        this.attempts = attempts;
        this.database = database;
        this.ordered = ordered;
    }

    /** Called by a consumer before it receives. Blocks while another consumer works alone. */
    void enter() {
        lock.readLock().lock();
    }

    /** Called by the same thread after its batch. */
    void leave() {
        held().unlock();
    }

    /** Blocks until no other consumer works. */
    void workAlone() {
        hold(lock.writeLock());
    }

    /** Lets the other consumers work again. */
    void workBesideOthers() {
        hold(lock.readLock());
    }

    private void hold(Lock wanted) {
        Lock held = held();
        if (!held.equals(wanted)) {
            held.unlock();
            wanted.lock();
        }
    }

    private Lock held() {
        return lock.isWriteLockedByCurrentThread() ? lock.writeLock() : lock.readLock();
    }

    /**
     * Tries messages, in one group or in several; each once. Called between {@link #enter} and {@link #leave}. What is
     * recorded stays so if {@code attempt} throws anything but an {@link InfrastructureException}: then the process is
     * about to die because of one of them.
     *
     * @param received in order of receipt; may be empty
     * @param attempt maps, stores and settles messages
     */
    void isolate(List<Message> received, Consumer<List<Message>> attempt) {
        List<Message> redelivered =
                received.stream().filter(message -> message.receiveCount() > 1).toList();
        if (redelivered.isEmpty()) {
            attempt.accept(received);
            return;
        }
        try {
            Map<String, Unfinished> suspected = database.run(() -> attempts.begin(redelivered));
            for (List<Message> group : groups(received, suspected)) {
                prepare(group.getFirst(), suspected);
                attempt.accept(group);
            }
        } catch (InfrastructureException failure) {
            forget(redelivered);
            throw failure;
        }
        forget(redelivered);
    }

    private void prepare(Message first, Map<String, Unfinished> suspected) {
        if (suspected.containsKey(first.id())) {
            LOG.warn("{} was in flight when a worker died or lost it: it is tried alone.", first);
            workAlone();
            database.run(() -> attempts.beginAlone(first));
        } else {
            workBesideOthers();
        }
    }

    /** Each suspected message alone, the others together. */
    private List<List<Message>> groups(List<Message> received, Map<String, Unfinished> suspected) {
        List<List<Message>> groups = new ArrayList<>();
        boolean together = false;
        for (Message message : ordered ? received : suspectedLast(received, suspected)) {
            boolean alone = suspected.containsKey(message.id());
            if (alone || !together) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(message);
            together = !alone;
        }
        return groups;
    }

    private static List<Message> suspectedLast(List<Message> received, Map<String, Unfinished> suspected) {
        return received.stream()
                .sorted(Comparator.comparingInt(message -> switch (suspected.get(message.id())) {
                    case null -> 0;
                    case TOGETHER -> 1;
                    case ALONE -> 2;
                }))
                .toList();
    }

    private void forget(List<Message> redelivered) {
        try {
            attempts.end(redelivered);
        } catch (InfrastructureException failure) {
            LOG.warn(
                    "{} redelivered messages stay recorded as being tried, and are isolated if they are redelivered: {}",
                    redelivered.size(),
                    failure.getMessage());
        }
    }
}
