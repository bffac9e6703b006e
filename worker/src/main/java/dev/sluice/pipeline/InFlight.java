package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The messages of one batch that are in flight: received and not yet settled. Their visibility timeouts are extended in
 * the background. Closing returns what is left to the queue, so that whatever happens, nothing stays hidden longer than it
 * must, and the counters balance. Messages arrive on any thread; all else is called by one consumer.
 */
final class InFlight implements Source.Arrivals, AutoCloseable {

    private final Source source;
    private final Counters counters;
    private final Vitals vitals;
    private final OpenReceives receives;
    private final AtomicLong deletions;
    private final VisibilityTimeouts timeouts;

    /** By message id, how many of its records are counted as received. */
    private final Map<String, Integer> records = new ConcurrentHashMap<>();

    private volatile List<Message> committed = List.of();

    /** The deletions of all consumers when these messages could not be deleted; -1 while none has failed. */
    private volatile long deletionsAtFailure = -1;

    /** @param deletions how many messages all consumers have deleted */
    InFlight(Source source, Counters counters, Vitals vitals, OpenReceives receives, AtomicLong deletions) {
        this(source, counters, vitals, receives, deletions, new VisibilityTimeouts(source));
    }

    InFlight(
            Source source,
            Counters counters,
            Vitals vitals,
            OpenReceives receives,
            AtomicLong deletions,
            VisibilityTimeouts timeouts) {
        this.source = source;
        this.counters = counters;
        this.vitals = vitals;
        this.receives = receives;
        this.deletions = deletions;
        this.timeouts = timeouts;
        vitals.begin(this);
    }

    /** What is in flight now; called on any thread. */
    Load load() {
        List<Message> messages = timeouts.messages();
        return new Load(
                messages.stream()
                        .mapToLong(message -> records.getOrDefault(message.id(), 1))
                        .sum(),
                messages.stream().mapToLong(Message::bytes).sum(),
                deletionsAtFailure < 0 ? 0 : committed.size(),
                messages.stream().map(Message::sentAt).min(Comparator.naturalOrder()));
    }

    @Override
    public void arrived(List<Message> messages, long calledAtNanos) {
        timeouts.begin(messages, calledAtNanos);
    }

    /** Counts records as received. */
    void mapped(List<MappedRecord> mapped) {
        counters.received(mapped.size());
        mapped.forEach(record -> records.merge(record.message().id(), 1, Integer::sum));
    }

    /**
     * The records of messages that are still in flight, so that a commit may start for them. The others will be
     * redelivered. Checks each message once, since its timeout may end meanwhile, and a message of which only a part is
     * committed would be deleted.
     */
    List<MappedRecord> live(List<MappedRecord> mapped) {
        Map<String, Boolean> liveById = new HashMap<>();
        return mapped.stream()
                .filter(record -> liveById.computeIfAbsent(record.message().id(), id -> isLive(record.message())))
                .toList();
    }

    private boolean isLive(Message message) {
        boolean live = timeouts.isLive(message);
        if (!live) {
            timeouts.end(List.of(message));
            Integer lost = records.remove(message.id());
            counters.released(lost == null ? 0 : lost);
            vitals.expired(1);
        }
        return live;
    }

    /** Called before messages are hidden until their retry: they are no longer extended or returned. */
    void deferred(List<Message> messages) {
        timeouts.end(messages);
    }

    /** Called before messages are deleted: they are not returned any more, but extended until they are deleted. */
    void committed(List<Message> messages) {
        committed = messages;
        deletionsAtFailure = -1;
    }

    /**
     * Deletes what is committed. Messages whose own entries fail while others are deleted are left for redelivery: nothing
     * waits for them.
     *
     * @throws InfrastructureException if nothing can be deleted; call again to try what is left
     */
    void delete() {
        Source.Deletion deletion = source.delete(committed);
        List<Message> done = new ArrayList<>(committed);
        done.removeAll(deletion.open());
        timeouts.end(done);
        counters.undeleted(deletion.lost().size());
        committed = deletion.open();
        if (deletion.failure() != null) {
            throw deletion.failure();
        }
        boolean othersAreDeleted = isAnyDeleted(done.size() - deletion.lost().size());
        if (committed.isEmpty()) {
            return;
        }
        if (!othersAreDeleted) {
            throw new InfrastructureException(
                    Kind.TRANSIENT, committed.size() + " committed messages could not be deleted from the queue.");
        }
        leaveUndeleted();
    }

    /** Whether this consumer has deleted any now, or any consumer since these failed. */
    private boolean isAnyDeleted(int now) {
        long all = deletions.addAndGet(now);
        boolean since = deletionsAtFailure >= 0 && all > deletionsAtFailure;
        deletionsAtFailure = all;
        return now > 0 || since;
    }

    /** Gives up deleting: what is left is redelivered when its visibility timeout ends, and turns out to be duplicates. */
    private void leaveUndeleted() {
        counters.undeleted(committed.size());
        timeouts.end(committed);
        committed = List.of();
    }

    /** Makes visible at once what is left. A message that was never mapped counts as one record. */
    @Override
    public void close() {
        leaveUndeleted();
        vitals.end(this);
        if (timeouts.messages().isEmpty()) {
            timeouts.close();
        } else {
            receives.returnToQueue(this::returnToQueue);
        }
    }

    private void returnToQueue() {
        timeouts.close();
        List<Message> left = timeouts.messages();
        for (Message message : left) {
            int counted = records.getOrDefault(message.id(), 0);
            counters.received(counted == 0 ? 1 : 0);
            counters.released(Math.max(1, counted));
        }
        source.makeVisible(left);
    }
}
