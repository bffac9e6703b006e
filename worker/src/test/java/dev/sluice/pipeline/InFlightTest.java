package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private final Events events = new Events();
    private final FakeSource source = new FakeSource(events).hidesFor(Duration.ofSeconds(30));
    private final Counters counters = new Counters(InstantSource.system());
    private final Thread tester = Thread.currentThread();
    private final AtomicLong nanos = new AtomicLong();
    private final Message first = message("1", "abc");

    /** Else the message would be deleted when a part of its records is committed. */
    @Test
    void keepsOrLetsGoAllRecordsOfAMessageWhenItsTimeoutEndsMeanwhile() {
        List<MappedRecord> records = records();
        source.unextended.add("1");
        VisibilityTimeouts timeouts = new VisibilityTimeouts(source, this::now);
        try (InFlight inFlight = received(records, timeouts)) {

            assertThat(inFlight.live(records)).hasSize(3);
            assertThat(inFlight.live(records)).isEmpty();
        }
        assertThat(counters.summary().released()).isEqualTo(3);
        assertThat(counters.summary().isBalanced()).isTrue();
    }

    /** It is counted as released by then: stored on a retry, it would be counted twice. */
    @Test
    void doesNotTakeUpAgainWhatItHasLetGo() {
        List<MappedRecord> records = records();
        source.unextended.add("1");
        VisibilityTimeouts timeouts = new VisibilityTimeouts(source, this::now);
        try (InFlight inFlight = received(records, timeouts)) {
            inFlight.live(records);
            assertThat(inFlight.live(records)).isEmpty();
            source.unextended.clear();
            timeouts.extend();

            assertThat(inFlight.live(records)).isEmpty();
        }
        assertThat(counters.summary().released()).isEqualTo(3);
        assertThat(counters.summary().isBalanced()).isTrue();
    }

    private InFlight received(List<MappedRecord> records, VisibilityTimeouts timeouts) {
        InFlight inFlight = new InFlight(
                source, counters, new Vitals(), new OpenReceives(new ShutdownSignal()), new AtomicLong(), timeouts);
        inFlight.arrived(List.of(first), 0);
        inFlight.mapped(records);
        return inFlight;
    }

    private List<MappedRecord> records() {
        return new FakeMapper(events)
                .map("1", first.sentAt(), first.body()).stream()
                        .map(outcome -> new MappedRecord(first, 0, outcome))
                        .toList();
    }

    /** Each look of the test takes 14 s; those of the background take no time, and it extends nothing. */
    private long now() {
        return Thread.currentThread().equals(tester)
                ? nanos.getAndAdd(Duration.ofSeconds(14).toNanos())
                : nanos.get();
    }
}
