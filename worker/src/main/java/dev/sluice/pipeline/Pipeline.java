package dev.sluice.pipeline;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.Mapper;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The path of a message: received, mapped, stored, settled, a batch at a time. Nothing is deleted from the queue before
 * the row, or the quarantine record, of its every record is committed. Thread-safe: each of the {@link Consumers} calls
 * {@link #processBatch}, so at most one batch per consumer is in flight, and none between two calls.
 */
public final class Pipeline {

    private final Source source;
    private final BoundedMapper mapper;
    private final Sink sink;
    private final Counters counters;
    private final ShutdownSignal shutdown;
    private final BatchObserver observer;
    private final OpenReceives receives;
    private final BatchLimit limit;
    private final Vitals vitals = new Vitals();
    private final AtomicLong deletions = new AtomicLong();
    private final CircuitBreaker storing;
    private final CircuitBreaker deleting;
    private final PoisonMessages poison;

    /**
     * The parts are shared by all consumers; the caller closes them.
     *
     * @param attempts records which messages are being tried
     * @param shutdown ends the waits for what is unavailable; requested when a batch fails for good
     * @param observer of each batch
     * @param limit how many batches are in flight
     */
    public Pipeline(
            Source source,
            Mapper mapper,
            Sink sink,
            Attempts attempts,
            Counters counters,
            ShutdownSignal shutdown,
            BatchObserver observer,
            BatchLimit limit) {
        this(source, mapper, sink, attempts, counters, shutdown, observer, limit, BackOff::new);
    }

    Pipeline(
            Source source,
            Mapper mapper,
            Sink sink,
            Attempts attempts,
            Counters counters,
            ShutdownSignal shutdown,
            BatchObserver observer,
            BatchLimit limit,
            Supplier<BackOff> backOffs) {
        this.limit = limit;
        this.observer = observer;
        this.source = source;
        this.mapper = new BoundedMapper(mapper);
        this.sink = sink;
        this.counters = counters;
        this.shutdown = shutdown;
        this.receives = new OpenReceives(shutdown);
        this.storing =
                new CircuitBreaker("The database answers again.", sink::probe, vitals.storing(), shutdown, backOffs);
        this.deleting =
                new CircuitBreaker("Messages can be deleted again.", () -> {}, vitals.deleting(), shutdown, backOffs);
        this.poison = new PoisonMessages(attempts, storing, source.isFifo());
    }

    BatchLimit limit() {
        return limit;
    }

    /** What this pipeline is doing, to be watched. */
    public Vitals vitals() {
        return vitals;
    }

    /** Blocks while an outage of the database, or of deletes, keeps the consumers from receiving. */
    void awaitReady() {
        storing.awaitClosed();
        deleting.awaitClosed();
    }

    /**
     * Takes one batch from the queue to the table: receive, map, store, settle. Whatever is not settled when it returns or
     * throws has returned to the queue.
     *
     * @param turn within which it is in flight
     * @param waitTime how long to wait for a first message
     * @return how many messages were received
     * @throws InfrastructureException if the queue or the database failed for good, or a shutdown was requested during an
     *     outage
     */
    int processBatch(BatchLimit.Turn turn, Duration waitTime) {
        return withInFlight(inFlight -> {
            List<Message> received = receive(turn, waitTime, inFlight);
            observer.process(received, () -> process(received, inFlight));
            return received.size();
        });
    }

    private void process(List<Message> received, InFlight inFlight) {
        poison.isolate(
                received,
                messages -> mapper.map(messages, records -> {
                    List<Settled> settled = store(records, inFlight);
                    settle(settled, inFlight);
                }));
    }

    private List<Message> receive(BatchLimit.Turn turn, Duration waitTime, InFlight inFlight) {
        Source.Received received = receives.run(() -> source.receive(waitTime, inFlight));
        List<Message> messages = received.messages();
        vitals.receiving().restored();
        if (!messages.isEmpty()) {
            turn.received(
                    received.more(), messages.stream().mapToLong(Message::bytes).sum());
            FailPoint.AFTER_RECEIVE.pass();
        }
        return messages;
    }

    /** Waits out transient failures of the database. What is no longer in flight by then is left to its next receiver. */
    private List<Settled> store(List<MappedRecord> records, InFlight inFlight) {
        vitals.step();
        inFlight.mapped(records);
        List<Settled> settled = storing.run(() -> limit.write(() -> {
            List<MappedRecord> live = inFlight.live(records);
            return live.isEmpty() ? List.of() : Settled.pairs(live, sink.store(live));
        }));
        FailPoint.AFTER_COMMIT.pass();
        return settled;
    }

    /** Deletes a message when all its records are committed; hides it for a later retry if one is deferred. */
    private void settle(List<Settled> records, InFlight inFlight) {
        Set<Message> committed = new LinkedHashSet<>();
        Set<Message> deferred = new LinkedHashSet<>();
        for (Settled settled : records) {
            Set<Message> messages =
                    switch (settled.settlement()) {
                        case STORED, DUPLICATE, QUARANTINED -> committed;
                        case DEFERRED -> deferred;
                    };
            messages.add(settled.record().message());
            counters.settled(settled.settlement());
        }
        committed.removeAll(deferred);
        if (!deferred.isEmpty()) {
            inFlight.deferred(List.copyOf(deferred));
            source.retryLater(List.copyOf(deferred));
        }
        if (!committed.isEmpty()) {
            inFlight.committed(List.copyOf(committed));
            deleting.run(inFlight::delete);
        }
    }

    /** Requests the shutdown, on a failure that is not transient, before messages return: other consumers would get them. */
    private int withInFlight(ToIntFunction<InFlight> batch) {
        poison.enter();
        try (InFlight inFlight = new InFlight(source, counters, vitals, receives, deletions)) {
            try {
                return batch.applyAsInt(inFlight);
            } catch (RuntimeException | Error failure) {
                if (!(failure instanceof InfrastructureException known && known.isTransient())) {
                    shutdown.request();
                }
                throw failure;
            }
        } finally {
            poison.leave();
        }
    }

    /** A record, and what the sink reported for it. */
    private record Settled(MappedRecord record, Settlement settlement) {

        static List<Settled> pairs(List<MappedRecord> records, List<Settlement> settlements) {
            if (settlements.size() != records.size()) {
                throw new IllegalStateException(settlements.size() + " settlements for " + records.size() + " records");
            }
            return IntStream.range(0, records.size())
                    .mapToObj(i -> new Settled(records.get(i), settlements.get(i)))
                    .toList();
        }
    }
}
