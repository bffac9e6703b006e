package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Source.Deletion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One consumer where the order of events counts, two where their independence does. Backs off for milliseconds. */
@Timeout(60)
class ConsumersTest {

    private final InfrastructureException down = new InfrastructureException(Kind.TRANSIENT, "down.");

    private final Events events = new Events();
    private final FakeSource source = new FakeSource(events);
    private final FakeSink sink = new FakeSink(events);
    private final Counters counters = new Counters(InstantSource.system());
    private final ShutdownSignal shutdown = new ShutdownSignal();

    @Test
    void runsRoundsUntilTheRuleIsMet() {
        source.holds(message("1", "a")).holds(message("2", "b"), message("3", "c"));

        consumers(1).run(StopRule.afterBatches(2));

        assertThat(source.deleted).containsExactly("1", "2", "3");
        assertThat(shutdown.isRequested()).isFalse();
    }

    @Test
    void beginsNoRoundAfterShutdownWasRequested() {
        shutdown.request();

        consumers(2).run(StopRule.never());

        assertThat(events.seen()).isEmpty();
    }

    @Test
    void finishesTheBatchInFlightWhenShutdownIsRequestedDuringIt() {
        source.answers(() -> {
                    shutdown.request();
                    return List.of(message("1", "a"));
                })
                .holds(message("2", "b"));

        consumers(1).run(StopRule.never());

        assertThat(source.deleted).containsExactly("1");
        assertThat(events.count("receive")).isEqualTo(1);
    }

    @Test
    void consumerEndsAloneWhenItsRuleIsMetWhileTheOtherGoesOn() {
        source.holds(message("1", "a"));

        consumers(2).run(StopRule.afterBatches(1));

        assertThat(source.deleted).containsExactly("1");
        assertThat(counters.summary().isBalanced()).isTrue();
    }

    @Test
    void consumersWorkAtTheSameTime() {
        CyclicBarrier meeting = new CyclicBarrier(2);
        source.holds(message("0", "a"))
                .answers(() -> receivedTogether(meeting, "1"))
                .answers(() -> receivedTogether(meeting, "2"));

        consumers(2).run(StopRule.afterBatches(3));

        assertThat(source.deleted).containsExactlyInAnyOrder("0", "1", "2");
    }

    @Nested
    class TransientFailure {

        @Test
        void ofTheDatabaseIsWaitedOutWithTheBatchInFlight() {
            source.holds(message("1", "a"));
            sink.fails(down).probeFails(down).probeFails(down);

            consumers(1).run(StopRule.afterBatches(1));

            assertThat(events.seen())
                    .containsExactly("receive", "map", "store", "probe", "probe", "probe", "store", "delete");
            assertThat(counters.summary().stored()).isEqualTo(1);
            assertThat(counters.summary().released()).isZero();
        }

        @Test
        void ofTheDatabaseKeepsTheOtherConsumersFromReceiving() {
            AtomicLong receivesDuringOutage = new AtomicLong();
            source.holds(message("1", "a"));
            sink.fails(down)
                    .onProbe(() -> {
                        receivesDuringOutage.set(-events.count("receive"));
                        throw down;
                    })
                    .probeFails(down)
                    .probeFails(down)
                    .onProbe(() -> {
                        receivesDuringOutage.addAndGet(events.count("receive"));
                        source.holds(message("2", "b"));
                    });

            consumers(2).run(StopRule.afterBatches(2));

            // The one that was on its way.
            assertThat(receivesDuringOutage).hasValueLessThanOrEqualTo(1);
            assertThat(source.deleted).containsExactlyInAnyOrder("1", "2");
        }

        @Test
        void ofDeletesKeepsTheOtherConsumersFromReceiving() {
            AtomicLong receivesDuringOutage = new AtomicLong();
            source.holds(message("1", "a"))
                    .deletes(messages -> new Deletion(messages, List.of(), down))
                    .deletes(messages -> {
                        // By now it is open.
                        receivesDuringOutage.set(-events.count("receive"));
                        return new Deletion(messages, List.of(), down);
                    })
                    .deletes(messages -> new Deletion(messages, List.of(), null))
                    .deletes(messages -> {
                        receivesDuringOutage.addAndGet(events.count("receive"));
                        source.holds(message("2", "b"));
                        return FakeSource.COMPLETE;
                    });

            consumers(2).run(StopRule.afterBatches(2));

            // The one that was on its way.
            assertThat(receivesDuringOutage).hasValueLessThanOrEqualTo(1);
            assertThat(source.deleted).containsExactlyInAnyOrder("1", "2");
        }

        @Test
        void ofTheQueueIsFollowedByAWait() {
            source.fails(down).fails(down).holds(message("1", "a"));

            consumers(1).run(StopRule.afterBatches(1));

            assertThat(events.seen()).containsExactly("receive", "receive", "receive", "map", "store", "delete");
        }

        @Test
        void ofTheLookForEmptinessRestartsTheChecks() {
            source.depthFails(down);

            consumers(1).run(StopRule.whenEmpty(source));

            assertThat(events.count("receive")).isEqualTo(4);
        }

        @Test
        void isWaitedForNoLongerThanUntilShutdownIsRequested() {
            source.holds(message("1", "a"));
            sink.fails(down);
            CompletableFuture<Void> run = CompletableFuture.runAsync(
                    () -> consumers(1, () -> new BackOff(Duration.ofHours(1))).run(StopRule.never()));
            Awaitility.await().until(() -> events.count("store") == 1);

            shutdown.request();

            assertThatCode(() -> run.get(30, TimeUnit.SECONDS)).doesNotThrowAnyException();
            assertThat(events.seen()).containsExactly("receive", "map", "store", "release");
        }
    }

    @Nested
    class LastingFailure {

        @ParameterizedTest
        @EnumSource(value = Kind.class, names = "TRANSIENT", mode = EnumSource.Mode.EXCLUDE)
        void endsAllConsumersAndIsReportedToTheCaller(Kind kind) {
            InfrastructureException failure = new InfrastructureException(kind, "wrong.");
            source.holds(message("1", "a"));
            sink.fails(failure);

            assertThatThrownBy(() -> consumers(2).run(StopRule.never())).isSameAs(failure);

            assertThat(shutdown.isRequested()).isTrue();
            assertThat(source.released).containsExactly("1");
            assertThat(source.deleted).isEmpty();
        }

        @Test
        void returnsNothingToTheQueueWhileAnotherConsumerWouldReceiveIt() {
            CountDownLatch polling = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            AtomicBoolean open = new AtomicBoolean();
            source.holds(message("0", "a"))
                    .answers(() -> {
                        await(polling);
                        return List.of(message("1", "!"));
                    })
                    .answers(() -> {
                        open.set(true);
                        polling.countDown();
                        await(ended);
                        open.set(false);
                        return List.of();
                    })
                    .onRelease(() -> assertThat(open).isFalse());
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> consumers(2).run(StopRule.never()));
            Awaitility.await().until(shutdown::isRequested);

            assertThat(source.released).isEmpty();
            ended.countDown();

            assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
            assertThat(source.released).containsExactly("1");
            assertThat(events.count("receive")).isEqualTo(3);
        }

        @Test
        void foundByTheProbeEndsAllConsumers() {
            InfrastructureException failure = new InfrastructureException(Kind.NOT_PERMITTED, "no right.");
            source.holds(message("1", "a"));
            sink.fails(down).probeFails(failure);

            assertThatThrownBy(() -> consumers(1).run(StopRule.never())).isSameAs(failure);
        }

        @Test
        void thatIsADefectEndsAllConsumers() {
            source.holds(message("1", "!"));

            assertThatThrownBy(() -> consumers(2).run(StopRule.never())).isInstanceOf(IllegalStateException.class);

            assertThat(shutdown.isRequested()).isTrue();
            assertThat(source.released).containsExactly("1");
        }

        @Test
        void thatIsAnErrorEndsAllConsumers() {
            source.holds(message("1", "a"));
            sink.fails(new OutOfMemoryError("prepared"));

            assertThatThrownBy(() -> consumers(2).run(StopRule.never())).isInstanceOf(OutOfMemoryError.class);

            assertThat(shutdown.isRequested()).isTrue();
            assertThat(source.released).containsExactly("1");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Message> receivedTogether(CyclicBarrier meeting, String id) {
        try {
            meeting.await(30, TimeUnit.SECONDS);
            return List.of(message(id, "a"));
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the other consumer did not receive at the same time", e);
        }
    }

    private Consumers consumers(int count) {
        return consumers(count, ConsumersTest::quick);
    }

    private Consumers consumers(int count, Supplier<BackOff> backOffs) {
        Pipeline pipeline = new Pipeline(
                source,
                new FakeMapper(events),
                sink,
                new FakeAttempts(events),
                counters,
                shutdown,
                BatchObserver.NONE,
                new BatchLimit(count, count, Long.MAX_VALUE),
                backOffs);
        return new Consumers(pipeline, shutdown, backOffs);
    }

    private static BackOff quick() {
        return new BackOff(Duration.ofMillis(2));
    }
}
