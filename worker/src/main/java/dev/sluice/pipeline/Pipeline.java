package dev.sluice.pipeline;

import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a message: received, mapped, stored, settled, a batch at a time. Nothing is deleted from the queue before
 * the row, or the quarantine record, of its every record is committed. Stateless but for the counts; each of the
 * {@link Lanes} calls {@link #round} on its own, so at most one batch per lane is in hand.
 */
public final class Pipeline {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Source source;
    private final Mapper mapper;
    private final Sink sink;
    private final Books books;

    /** The parts are shared by all lanes, and closed by whoever opened them. */
    public Pipeline(Source source, Mapper mapper, Sink sink, Books books) {
        this.source = source;
        this.mapper = mapper;
        this.sink = sink;
        this.books = books;
    }

    /**
     * Takes one batch from the queue to the table. Called by a lane with nothing in hand; has nothing in hand when it
     * returns or throws.
     *
     * @param patience how long to wait for a first message
     * @return how many messages were received
     * @throws InfrastructureException when the queue or the database failed. Nothing was deleted, what had been received
     *     was given back
     */
    int round(Duration patience) {
        List<Message> received = source.receive(patience);
        if (!received.isEmpty()) {
            List<MappedRecord> records = map(received);
            List<Settlement> settlements = store(received, records);
            settle(records, settlements);
        }
        return received.size();
    }

    private List<MappedRecord> map(List<Message> messages) {
        List<MappedRecord> records = new ArrayList<>(messages.size());
        try {
            messages.forEach(message -> map(message, records));
            return records;
        } catch (RuntimeException | Error e) {
            source.release(messages);
            throw e;
        }
    }

    private void map(Message message, List<MappedRecord> records) {
        List<Outcome> outcomes = mapper.map(message.id(), message.sentAt(), message.body());
        for (int index = 0; index < outcomes.size(); index++) {
            records.add(new MappedRecord(message, index, outcomes.get(index)));
        }
    }

    private List<Settlement> store(List<Message> messages, List<MappedRecord> records) {
        books.received(records.size());
        try {
            return demandAll(records, sink.store(records));
        } catch (RuntimeException | Error e) {
            source.release(messages);
            books.released(records.size());
            throw e;
        }
    }

    private static List<Settlement> demandAll(List<MappedRecord> records, List<Settlement> settlements) {
        if (settlements.size() != records.size()) {
            throw new IllegalStateException(settlements.size() + " settlements for " + records.size() + " records");
        }
        return settlements;
    }

    /** A message is deleted when all its records are committed, given back when one of them is not. */
    private void settle(List<MappedRecord> records, List<Settlement> settlements) {
        Set<Message> committed = new LinkedHashSet<>();
        Set<Message> deferred = new LinkedHashSet<>();
        for (int i = 0; i < records.size(); i++) {
            Message message = records.get(i).message();
            switch (settlements.get(i)) {
                case Settlement.Stored known -> committed.add(message);
                case Settlement.Duplicate known -> committed.add(message);
                case Settlement.Quarantined known -> committed.add(message);
                case Settlement.Deferred known -> deferred.add(message);
            }
            books.settled(settlements.get(i));
        }
        committed.removeAll(deferred);
        books.undeleted(source.delete(List.copyOf(committed)));
        release(deferred);
        LOG.debug("{} records of {} messages settled", records.size(), committed.size() + deferred.size());
    }

    private void release(Collection<Message> messages) {
        if (!messages.isEmpty()) {
            source.release(List.copyOf(messages));
        }
    }

    /** Whether the database takes rows again; asked by a lane after {@link #round} failed. */
    void probe() {
        sink.probe();
    }
}
