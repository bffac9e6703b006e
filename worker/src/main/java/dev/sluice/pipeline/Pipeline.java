package dev.sluice.pipeline;

import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The way of a message: received, mapped, stored, settled, a batch at a time. Nothing is deleted from the queue before
 * the row, or the quarantine record, of its every record is committed. Holds nothing between two rounds; each of the
 * {@link Lanes} calls {@link #round} on its own, so at most one batch per lane is in hand.
 */
public final class Pipeline {

    private final Source source;
    private final Mapper mapper;
    private final Sink sink;
    private final Books books;
    private final Company company = new Company();

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
     * @param circuit the lanes' common one: an outage of the database is waited out with the batch in hand
     * @return how many messages were received
     * @throws InfrastructureException when the queue or the database failed for good, or a stop came during an outage;
     *     what was not committed by then was given back
     */
    int round(Duration patience, Circuit circuit) {
        try (Company.Place place = company.join()) {
            List<Message> received = source.receive(patience);
            if (received.isEmpty()) {
                return 0;
            }
            FailPoint.AFTER_RECEIVE.pass();
            try (Hand hand = new Hand(source, books, received)) {
                for (List<Message> portion : Portions.of(received)) {
                    takeUp(portion, hand, place);
                    process(portion, hand, circuit);
                }
            }
            return received.size();
        }
    }

    private static void takeUp(List<Message> portion, Hand hand, Company.Place place) {
        if (Portions.isSuspect(portion)) {
            place.beAlone();
            hand.setApart(portion.getFirst());
        } else {
            place.beAmongOthers();
        }
    }

    private void process(List<Message> portion, Hand hand, Circuit circuit) {
        List<MappedRecord> records = map(portion);
        hand.mapped(records);
        List<Settled> settled = store(records, hand, circuit);
        FailPoint.AFTER_COMMIT.pass();
        settle(settled, hand);
    }

    private List<MappedRecord> map(List<Message> messages) {
        List<MappedRecord> records = new ArrayList<>(messages.size());
        for (Message message : messages) {
            List<Outcome> outcomes = mapper.map(message.id(), message.sentAt(), message.body());
            for (int index = 0; index < outcomes.size(); index++) {
                records.add(new MappedRecord(message, index, outcomes.get(index)));
            }
        }
        return records;
    }

    /** Until it is committed: a passing fault is waited out. What lost its lease meanwhile is left to its next receiver. */
    private List<Settled> store(List<MappedRecord> records, Hand hand, Circuit circuit) {
        BackOff backOff = circuit.backOff();
        while (true) {
            List<MappedRecord> live = hand.live(records);
            if (live.isEmpty()) {
                return List.of();
            }
            try {
                return Settled.pairs(live, sink.store(live));
            } catch (InfrastructureException e) {
                if (!circuit.waitOut(e, backOff)) {
                    throw e;
                }
            }
        }
    }

    /** A message is deleted when all its records are committed, tried again later when one of them is not. */
    private void settle(List<Settled> records, Hand hand) {
        Set<Message> committed = new LinkedHashSet<>();
        Set<Message> deferred = new LinkedHashSet<>();
        for (Settled settled : records) {
            Message message = settled.record().message();
            switch (settled.settlement()) {
                case Settlement.Stored known -> committed.add(message);
                case Settlement.Duplicate known -> committed.add(message);
                case Settlement.Quarantined known -> committed.add(message);
                case Settlement.Deferred known -> deferred.add(message);
            }
            books.settled(settled.settlement());
        }
        committed.removeAll(deferred);
        hand.settled(List.copyOf(committed));
        hand.settled(List.copyOf(deferred));
        if (!committed.isEmpty()) {
            books.undeleted(source.delete(List.copyOf(committed)));
        }
        if (!deferred.isEmpty()) {
            source.postpone(List.copyOf(deferred));
        }
    }

    /** A record, and what the sink says became of it. */
    private record Settled(MappedRecord record, Settlement settlement) {

        static List<Settled> pairs(List<MappedRecord> records, List<Settlement> settlements) {
            if (settlements.size() != records.size()) {
                throw new IllegalStateException(settlements.size() + " settlements for " + records.size() + " records");
            }
            List<Settled> pairs = new ArrayList<>(records.size());
            for (int i = 0; i < records.size(); i++) {
                pairs.add(new Settled(records.get(i), settlements.get(i)));
            }
            return pairs;
        }
    }
}
