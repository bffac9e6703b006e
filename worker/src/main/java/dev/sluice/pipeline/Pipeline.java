package dev.sluice.pipeline;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.Mapper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The way of a message: received, mapped, stored, settled, a batch at a time. Nothing is deleted from the queue before
 * the row, or the quarantine record, of its every record is committed. Holds nothing between two rounds; each of the
 * {@link Consumers} calls {@link #processBatch} on its own, so at most one batch per lane is in flight.
 */
public final class Pipeline {

    private final Source source;
    private final Mapper mapper;
    private final Sink sink;
    private final Counters books;
    private final ShutdownSignal stop;
    private final Company company = new Company();
    private final MemoryBudget memory = MemoryBudget.ofHeap();
    private final AtomicLong deletions = new AtomicLong();
    private final OpenReceives receives;
    private final CircuitBreaker storing;
    private final CircuitBreaker deleting;
    private final PoisonIsolation isolation;

    /**
     * The parts are shared by all lanes, and closed by whoever opened them.
     *
     * @param attempts remembers what is tried, where the sink's rows are
     * @param stop ends waits for what is away; a defect asks for it before anything is given back
     */
    public Pipeline(Source source, Mapper mapper, Sink sink, Attempts attempts, Counters books, ShutdownSignal stop) {
        this(source, mapper, sink, attempts, books, stop, BackOff::new);
    }

    Pipeline(
            Source source,
            Mapper mapper,
            Sink sink,
            Attempts attempts,
            Counters books,
            ShutdownSignal stop,
            Supplier<BackOff> backOffs) {
        this.source = source;
        this.mapper = mapper;
        this.sink = sink;
        this.books = books;
        this.stop = stop;
        this.receives = new OpenReceives(stop);
        this.storing = new CircuitBreaker("The database answers again.", sink::probe, stop, backOffs);
        this.deleting = new CircuitBreaker("Messages can be deleted again.", () -> {}, stop, backOffs);
        this.isolation = new PoisonIsolation(attempts, storing, source.isFifo());
    }

    /** Blocks while an outage of the database, or of deletes, keeps the lanes from receiving; called before each round. */
    void awaitReady() {
        storing.awaitClosed();
        deleting.awaitClosed();
    }

    /**
     * Takes one batch from the queue to the table. Called by a lane with nothing in flight; has nothing in flight when it
     * returns or throws.
     *
     * @param patience how long to wait for a first message
     * @return how many messages were received
     * @throws InfrastructureException when the queue or the database failed for good, or a stop came during an outage;
     *     what was not committed by then was given back
     */
    int processBatch(Duration patience) {
        try (Company.Place place = company.join();
                InFlight hand = new InFlight(source, books, receives, deletions)) {
            return processBatch(patience, place, hand);
        }
    }

    private int processBatch(Duration patience, Company.Place place, InFlight hand) {
        try {
            List<Message> received = receives.run(() -> source.receive(patience, hand));
            if (!received.isEmpty()) {
                FailPoint.AFTER_RECEIVE.pass();
                isolation.run(received, place, messages -> process(messages, hand));
            }
            return received.size();
        } catch (RuntimeException | Error failure) {
            if (!isTransient(failure)) {
                stop.request(); // before the hand is given back: another lane would receive it at once
            }
            throw failure;
        }
    }

    private static boolean isTransient(Throwable failure) {
        return failure instanceof InfrastructureException known && known.kind() == Kind.TRANSIENT;
    }

    private void process(List<Message> messages, InFlight hand) {
        Deque<Message> waiting = new ArrayDeque<>(messages);
        while (!waiting.isEmpty()) {
            try (MappedBatch batch = MappedBatch.of(waiting, mapper, memory)) {
                hand.mapped(batch.records());
                List<Settled> settled = store(batch.records(), hand);
                FailPoint.AFTER_COMMIT.pass();
                settle(settled, hand);
            }
        }
    }

    /** Until it is committed: a passing fault is waited out. What lost its lease meanwhile is left to its next receiver. */
    private List<Settled> store(List<MappedRecord> records, InFlight hand) {
        return storing.run(() -> {
            List<MappedRecord> live = hand.live(records);
            return live.isEmpty() ? List.of() : Settled.pairs(live, sink.store(live));
        });
    }

    /** A message is deleted when all its records are committed, tried again later when one of them is not. */
    private void settle(List<Settled> records, InFlight hand) {
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
        if (!deferred.isEmpty()) {
            hand.settled(List.copyOf(deferred));
            source.retryLater(List.copyOf(deferred));
        }
        if (!committed.isEmpty()) {
            hand.committed(List.copyOf(committed));
            deleting.run(hand::delete);
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
