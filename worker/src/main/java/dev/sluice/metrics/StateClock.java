package dev.sluice.metrics;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Status.State;
import dev.sluice.pipeline.Outage;
import dev.sluice.pipeline.Vitals;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the worker does, and since when. Looked at every second or oftener, so that the times are right. Thread-safe. */
final class StateClock {

    private static final Duration IDLE_AFTER = Duration.ofSeconds(15);

    private final Instant startedAt;
    private State state = State.STARTING;
    private Instant since;

    StateClock(Instant startedAt) {
        this.startedAt = startedAt;
        this.since = startedAt;
    }

    /** @param outage why, in the two states that have a reason */
    record Reading(State state, Instant since, @Nullable Outage outage) {}

    synchronized Reading read(Vitals vitals, ShutdownSignal shutdown, Instant lastReceived, Instant now) {
        Optional<Outage> circuit = vitals.circuit();
        Optional<Outage> outage = circuit.or(vitals::receivingOutage);
        if (shutdown.isRequested()) {
            return turn(State.DRAINING, now, null);
        }
        if (outage.isPresent()) {
            Outage known = outage.get();
            return turn(circuit.isPresent() ? State.CIRCUIT_OPEN : State.QUEUE_UNREACHABLE, known.since(), known);
        }
        boolean active =
                lastReceived.isAfter(now.minus(IDLE_AFTER)) || vitals.load().records() > 0;
        if (active) {
            return turn(State.RUNNING, now, null);
        }
        boolean justStarted = state == State.STARTING && startedAt.isAfter(now.minus(IDLE_AFTER));
        return turn(justStarted ? State.STARTING : State.IDLE, now, null);
    }

    private Reading turn(State to, Instant at, @Nullable Outage outage) {
        if (state != to) {
            state = to;
            since = at;
        }
        return new Reading(state, since, outage);
    }
}
