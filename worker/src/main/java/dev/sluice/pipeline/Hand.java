package dev.sluice.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a lane has in hand: messages received and not yet settled, under one lease. Closing it gives back what is left,
 * so that whatever happens in between, nothing stays hidden from others longer than it must, and the books stay even.
 * Used by one lane; not thread-safe.
 */
final class Hand implements AutoCloseable {

    private final Source source;
    private final Books books;
    private final Lease lease;

    /** Messages in order of receipt, each with how many of its records are in the books as received. */
    private final Map<Message, Integer> unsettled = new LinkedHashMap<>();

    Hand(Source source, Books books, List<Message> received) {
        this.source = source;
        this.books = books;
        received.forEach(message -> unsettled.put(message, 0));
        this.lease = Lease.of(source, received);
    }

    /** Called before a suspect is mapped, as {@link Lease#setApart}. */
    void setApart(Message suspect) {
        lease.setApart(suspect);
    }

    /** Enters records as received. */
    void mapped(List<MappedRecord> records) {
        books.received(records.size());
        records.forEach(record -> unsettled.merge(record.message(), 1, Integer::sum));
    }

    /** The records whose lease lives, so that a commit may be started for them. The others are let go: they come again. */
    List<MappedRecord> live(List<MappedRecord> records) {
        List<MappedRecord> live = new ArrayList<>(records.size());
        for (MappedRecord record : records) {
            if (lease.isLive(record.message())) {
                live.add(record);
            } else if (unsettled.containsKey(record.message())) {
                books.released(unsettled.remove(record.message()));
            }
        }
        return live;
    }

    /** Called before messages are deleted or postponed: from now on they are no longer extended or given back. */
    void settled(List<Message> messages) {
        lease.settled(messages);
        messages.forEach(unsettled::remove);
    }

    /** Gives back what is left, visible at once. A message that was never mapped counts as one record. */
    @Override
    public void close() {
        lease.close();
        if (unsettled.isEmpty()) {
            return;
        }
        for (int records : unsettled.values()) {
            books.received(records == 0 ? 1 : 0);
            books.released(Math.max(1, records));
        }
        source.release(List.copyOf(unsettled.keySet()));
        unsettled.clear();
    }
}
