package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.Mapper;
import dev.sluice.pipeline.Attempts;
import dev.sluice.pipeline.BatchLimit;
import dev.sluice.pipeline.BatchObserver;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Counters;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunModeTest {

    private static final Instant TWO = Instant.parse("2026-03-01T02:00:00Z");

    private final ShutdownSignal stop = new ShutdownSignal();
    private int receives;
    private int lastReceive = 1;

    @Test
    void scheduledRunBeginsNoEarlierThanItsTimeByTheClock() {
        Queue<Instant> readings = new ArrayDeque<>(
                List.of(TWO.minusMillis(3), TWO.minusMillis(3), TWO.minusMillis(2), TWO.minusMillis(1), TWO));
        InstantSource clock = () -> readings.size() > 1 ? readings.remove() : readings.element();

        run(clock);

        assertThat(readings).containsExactly(TWO);
        assertThat(receives).isEqualTo(1);
    }

    @Test
    void scheduleFiresAgainAndSkipsTheTimesThatPassedDuringARun() {
        Instant four = TWO.plus(Duration.ofHours(2));
        // Looked at: which time is next, how long until then, and after the wait.
        Queue<Instant> readings = new ArrayDeque<>(
                List.of(TWO.minusMillis(1), TWO.minusMillis(1), TWO, four.minusSeconds(1), four.minusMillis(1), four));
        InstantSource clock = () -> readings.size() > 1 ? readings.remove() : readings.element();
        lastReceive = 4;

        new Scheduled(cron("0 * * * *"), clock).run(consumers(), source, stop);

        assertThat(receives).isEqualTo(4);
        assertThat(readings).containsExactly(four);
    }

    @Test
    void scheduledRunDoesNotBeginWhenShutdownIsRequestedWhileItWaits() {
        InstantSource clock = () -> {
            stop.request();
            return TWO.minusSeconds(3600);
        };

        run(clock);

        assertThat(receives).isZero();
    }

    @Test
    void scheduleWithoutAFurtherTimeEnds() {
        new Scheduled(cron("0 2 30 2 *"), InstantSource.fixed(TWO)).run(consumers(), source, stop);

        assertThat(receives).isZero();
        assertThat(stop.isRequested()).isFalse();
    }

    private void run(InstantSource clock) {
        new Scheduled(cron("0 2 * * *"), clock).run(consumers(), source, stop);
    }

    private Consumers consumers() {
        Counters counters = new Counters(InstantSource.system());
        return new Consumers(
                new Pipeline(source, mapper, sink, attempts, counters, stop, BatchObserver.NONE, BatchLimit.of(1)),
                stop);
    }

    private static Cron cron(String text) {
        return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text);
    }

    private final Mapper mapper = new Mapper() {
        @Override
        public Batch begin() {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public FieldCounts fieldCounts() {
            return FieldCounts.NONE;
        }
    };

    private final Sink sink = new Sink() {
        @Override
        public List<Settlement> store(List<MappedRecord> records) {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public void probe() {}

        @Override
        public void close() {}
    };

    private final Attempts attempts = new Attempts() {
        @Override
        public Map<String, Unfinished> begin(List<Message> messages) {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public void beginAlone(Message message) {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public void end(List<Message> messages) {
            throw new AssertionError("nothing is received here");
        }
    };

    /** Is empty. Asks to stop at the last receive. */
    private final Source source = new Source() {
        @Override
        public OptionalLong deadLetters() {
            return OptionalLong.empty();
        }

        @Override
        public Received receive(Duration patience, Arrivals arrivals) {
            receives++;
            if (receives == lastReceive) {
                stop.request();
            }
            return Received.NONE;
        }

        @Override
        public Deletion delete(List<Message> messages) {
            throw new AssertionError("nothing is received here");
        }

        @Override
        public boolean isFifo() {
            return false;
        }

        @Override
        public void makeVisible(List<Message> messages) {}

        @Override
        public Extension extend(List<Message> messages, Duration hidden) {
            return new Extension(messages, List.of());
        }

        @Override
        public void retryLater(List<Message> messages) {}

        @Override
        public Duration visibilityTimeout() {
            return Duration.ofSeconds(30);
        }

        @Override
        public Optional<Duration> retention() {
            return Optional.empty();
        }

        @Override
        public Depth depth() {
            return new Depth(0, 0, 0);
        }

        @Override
        public void close() {}
    };
}
