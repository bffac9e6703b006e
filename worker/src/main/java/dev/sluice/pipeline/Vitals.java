package dev.sluice.pipeline;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What a pipeline is doing at this moment, for whoever watches it: it is read, and calls nobody. The path pays a volatile
 * write per step. Thread-safe.
 */
public final class Vitals {

    private final Set<InFlight> batches = ConcurrentHashMap.newKeySet();
    private final Map<Thread, Instant> steps = new ConcurrentHashMap<>();
    private final LongAdder expired = new LongAdder();
    private final Availability storing = new Availability();
    private final Availability deleting = new Availability();
    private final Availability receiving = new Availability();

    /** Of a pipeline that does not run yet. */
    public Vitals() {}

    /** What is in flight, over all consumers. */
    public Load load() {
        return batches.stream().map(InFlight::load).reduce(Load.NONE, Load::plus);
    }

    /** The outage that keeps the circuit open: of the database, else of deletes; empty while it is closed. */
    public Optional<Outage> circuit() {
        return storing.outage().or(deleting::outage);
    }

    /** The outage of receiving; empty while the last receive succeeded. */
    public Optional<Outage> receivingOutage() {
        return receiving.outage();
    }

    /** Messages whose visibility timeout ended before a commit could start for them, since the start. */
    public long expired() {
        return expired.sum();
    }

    /**
     * When the consumer that is furthest behind last began a step of the path. During an outage, a try counts as a step of
     * all: they wait for it. Empty when no consumer runs.
     */
    public Optional<Instant> slowestStep() {
        Instant tried = Stream.of(storing, deleting, receiving)
                .map(Availability::triedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return steps.values().stream().min(Comparator.naturalOrder()).map(step -> step.isBefore(tried) ? tried : step);
    }

    Availability storing() {
        return storing;
    }

    Availability deleting() {
        return deleting;
    }

    Availability receiving() {
        return receiving;
    }

    void begin(InFlight batch) {
        batches.add(batch);
    }

    void end(InFlight batch) {
        batches.remove(batch);
    }

    void expired(int messages) {
        expired.add(messages);
    }

    /** Called by a consumer's thread when it begins a step. */
    void step() {
        steps.put(Thread.currentThread(), Instant.now());
    }

    /** Called by a consumer's thread when it ends. */
    void stop() {
        steps.remove(Thread.currentThread());
    }
}
