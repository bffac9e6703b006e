package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a lane has in flight: messages received and not yet settled, under one lease. Closing it gives back what is left,
 * so that whatever happens in between, nothing stays hidden from others longer than it must, and the books stay even.
 * Messages arrive on any thread; all else is called by one lane.
 */
final class InFlight implements Source.Arrivals, AutoCloseable {

    private final Source source;
    private final Counters books;
    private final OpenReceives receives;
    private final AtomicLong deletions;
    private final VisibilityTimeouts lease;

    /** By message id, in order of arrival. */
    private final Map<String, Unsettled> unsettled = new LinkedHashMap<>();

    private List<Message> committed = List.of();

    /** How many messages the lanes had deleted when these could not be; -1 while none has failed. */
    private long deletionsAtFailure = -1;

    /** @param deletions how many messages all lanes have deleted */
    InFlight(Source source, Counters books, OpenReceives receives, AtomicLong deletions) {
        this(source, books, receives, deletions, new VisibilityTimeouts(source));
    }

    InFlight(Source source, Counters books, OpenReceives receives, AtomicLong deletions, VisibilityTimeouts lease) {
        this.source = source;
        this.books = books;
        this.receives = receives;
        this.deletions = deletions;
        this.lease = lease;
    }

    /** @param records how many of its records are in the books as received */
    private record Unsettled(Message message, int records) {}

    @Override
    public void arrived(List<Message> messages, long askedAtNanos) {
        synchronized (unsettled) {
            messages.forEach(message -> unsettled.merge(
                    message.id(),
                    new Unsettled(message, 0),
                    (known, newer) ->
                            newer.message().receiveCount() < known.message().receiveCount() ? known : newer));
        }
        lease.begin(messages, askedAtNanos);
    }

    /** Enters records as received. */
    void mapped(List<MappedRecord> records) {
        books.received(records.size());
        records.forEach(record -> unsettled.computeIfPresent(
                record.message().id(), (id, known) -> new Unsettled(known.message(), known.records() + 1)));
    }

    /**
     * The records whose lease lives, so that a commit may be started for them. The others are let go: they come again. Each
     * message is asked for once, since its lease may end meanwhile: a message of which a part was committed is deleted.
     */
    List<MappedRecord> live(List<MappedRecord> records) {
        Map<String, Boolean> liveById = new HashMap<>();
        return records.stream()
                .filter(record -> liveById.computeIfAbsent(record.message().id(), id -> isLive(record.message())))
                .toList();
    }

    private boolean isLive(Message message) {
        boolean live = lease.isLive(message);
        if (!live) {
            Unsettled lost = unsettled.remove(message.id());
            books.released(lost == null ? 0 : lost.records());
        }
        return live;
    }

    /** Called before messages are postponed: from now on they are no longer extended or given back. */
    void settled(List<Message> messages) {
        lease.settled(messages);
        messages.forEach(message -> unsettled.remove(message.id()));
    }

    /** Called before messages are deleted: they are not given back any more, but extended until they are deleted. */
    void committed(List<Message> messages) {
        committed = messages;
        deletionsAtFailure = -1;
        messages.forEach(message -> unsettled.remove(message.id()));
    }

    /**
     * Deletes what is committed. Messages whose own entries fail while others are deleted are left: nothing else waits for
     * them.
     *
     * @throws InfrastructureException when nothing can be deleted; called again, it tries what is left
     */
    void delete() {
        Source.Deletion deletion = source.delete(committed);
        List<Message> done = new ArrayList<>(committed);
        done.removeAll(deletion.open());
        lease.settled(done);
        books.undeleted(deletion.lost().size());
        committed = deletion.open();
        if (deletion.failure() != null) {
            throw deletion.failure();
        }
        boolean othersAreDeleted = isAnyDeleted(done.size() - deletion.lost().size());
        if (committed.isEmpty()) {
            return;
        }
        if (othersAreDeleted) {
            leaveUndeleted();
            return;
        }
        throw new InfrastructureException(
                Kind.TRANSIENT, committed.size() + " committed messages could not be deleted from the queue.");
    }

    /** Whether this lane has deleted any now, or any lane since these failed. */
    private boolean isAnyDeleted(int now) {
        long all = deletions.addAndGet(now);
        boolean since = deletionsAtFailure >= 0 && all > deletionsAtFailure;
        deletionsAtFailure = all;
        return now > 0 || since;
    }

    /** Gives up deleting: what is left comes again when its visibility timeout ends, and is found to be duplicates. */
    private void leaveUndeleted() {
        books.undeleted(committed.size());
        lease.settled(committed);
        committed = List.of();
    }

    /** Gives back what is left, visible at once. A message that was never mapped counts as one record. */
    @Override
    public void close() {
        leaveUndeleted();
        if (unsettled.isEmpty()) {
            lease.close();
        } else {
            receives.returnToQueue(this::returnToQueue);
        }
    }

    private void returnToQueue() {
        lease.close();
        for (Unsettled left : unsettled.values()) {
            books.received(left.records() == 0 ? 1 : 0);
            books.released(Math.max(1, left.records()));
        }
        source.makeVisible(unsettled.values().stream().map(Unsettled::message).toList());
        unsettled.clear();
    }
}
