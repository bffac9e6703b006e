package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Attempts.Unfinished;
import dev.sluice.pipeline.Source.Deletion;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PipelineTest {

    private final Events events = new Events();
    private final FakeSource source = new FakeSource(events);
    private final FakeSink sink = new FakeSink(events);
    private final Counters counters = new Counters(InstantSource.system());
    private final FakeAttempts attempts = new FakeAttempts(events);
    private final ShutdownSignal shutdown = new ShutdownSignal();

    /** Made for each batch, when the source is prepared. */
    private Pipeline pipeline() {
        return new Pipeline(
                source,
                new FakeMapper(events),
                sink,
                attempts,
                counters,
                shutdown,
                BatchObserver.NONE,
                new BatchLimit(1, 1, Long.MAX_VALUE),
                () -> new BackOff(Duration.ofMillis(2)));
    }

    @Test
    void receivesMapsStoresAndSettlesInThisOrder() {
        source.holds(message("1", "a"));

        assertThat(processBatch()).isEqualTo(1);

        assertThat(events.seen()).containsExactly("receive", "map", "store", "delete");
        assertThat(source.deleted).containsExactly("1");
    }

    @Test
    void storesNothingWhenNothingCame() {
        assertThat(processBatch()).isZero();

        assertThat(events.seen()).containsExactly("receive");
    }

    @Test
    void waitsForTheFirstMessageForTheGivenTime() {
        processBatch(Duration.ofSeconds(7));

        assertThat(source.waitTimes).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void countsEachSettlement() {
        source.holds(message("1", "abc"), message("2", "d"));
        sink.settles(Settlement.STORED, Settlement.DUPLICATE, Settlement.QUARANTINED, Settlement.DEFERRED);

        processBatch();

        Summary summary = counters.summary();
        assertThat(summary.received()).isEqualTo(4);
        assertThat(summary.stored()).isEqualTo(1);
        assertThat(summary.duplicates()).isEqualTo(1);
        assertThat(summary.quarantined()).isEqualTo(1);
        assertThat(summary.released()).isEqualTo(1);
        assertThat(summary.isBalanced()).isTrue();
    }

    @Nested
    class MessageOfSeveralRecords {

        @Test
        void isDeletedOnceWhenAllAreCommitted() {
            source.holds(message("1", "abc"));
            sink.settles(Settlement.STORED, Settlement.QUARANTINED, Settlement.DUPLICATE);

            processBatch();

            assertThat(source.deleted).containsExactly("1");
            assertThat(source.released).isEmpty();
        }

        @Test
        void isTriedAgainLaterWhenOneIsDeferredWhileItsNeighborsAreDeleted() {
            source.holds(message("1", "a"), message("2", "bc"), message("3", "de"), message("4", "f"));
            sink.settles(
                    Settlement.STORED,
                    Settlement.STORED,
                    Settlement.DEFERRED,
                    Settlement.DEFERRED,
                    Settlement.STORED,
                    Settlement.STORED);

            processBatch();

            assertThat(source.deleted).containsExactly("1", "4");
            assertThat(source.postponed).containsExactly("2", "3");
            assertThat(source.released).isEmpty();
            assertThat(counters.summary().isBalanced()).isTrue();
        }
    }

    @Nested
    class RedeliveredMessage {

        @Test
        void isTriedWithItsNeighborsWhileNoWorkerDies() {
            source.holds(message("1", "a", 3), message("2", "b"), message("3", "c", 5), message("4", "d"));

            processBatch();

            assertThat(events.seen())
                    .containsExactly(
                            "receive", "begin attempt", "map", "map", "map", "map", "store", "delete", "end attempt");
            assertThat(attempts.noted).isEmpty();
        }

        @Test
        void isTriedAloneAfterItsNeighborsWhenAWorkerDiedWithIt() {
            attempts.noted.put("1", Unfinished.ALONE);
            attempts.noted.put("3", Unfinished.TOGETHER);
            source.holds(message("1", "a", 3), message("2", "b"), message("3", "c", 3), message("4", "d"));

            processBatch();

            assertThat(source.deleted).containsExactly("2", "4", "3", "1");
            assertThat(events.count("store")).isEqualTo(3);
            assertThat(attempts.noted).isEmpty();
        }

        @Test
        void keepsItsPlaceInAFifoQueue() {
            attempts.noted.put("1", Unfinished.TOGETHER);
            source.keepsOrder().holds(message("1", "a", 3), message("2", "b", 1), message("3", "c", 2));

            processBatch();

            assertThat(source.deleted).containsExactly("1", "2", "3");
            assertThat(events.count("store")).isEqualTo(2);
        }

        @Test
        void leavesCommittedNeighborsAloneWhenItFailsAndStaysRecorded() {
            attempts.noted.put("1", Unfinished.TOGETHER);
            source.holds(message("1", "!", 4), message("2", "b"));

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(IllegalStateException.class);

            assertThat(source.deleted).containsExactly("2");
            assertThat(source.released).containsExactly("1");
            assertThat(attempts.noted).containsOnlyKeys("1").containsValue(Unfinished.ALONE);
            assertThat(counters.summary().isBalanced()).isTrue();
        }

        @Test
        void isForgottenWhenTheDatabaseFailed() {
            source.holds(message("1", "a", 2));
            sink.fails(new InfrastructureException(Kind.FATAL, "down."));

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(InfrastructureException.class);

            assertThat(attempts.noted).isEmpty();
        }
    }

    @Nested
    class UndeletedMessage {

        private final InfrastructureException away = new InfrastructureException(Kind.TRANSIENT, "away.");

        @Test
        void isDeletedWhenThatIsPossibleAgain() {
            source.holds(message("1", "a"), message("2", "b"))
                    .deletes(messages -> new Deletion(messages, List.of(), away))
                    .deletes(messages -> new Deletion(messages.subList(1, 2), List.of(), away))
                    .deletes(messages -> new Deletion(messages, List.of(), null));

            processBatch();

            assertThat(source.deleted).containsExactly("1", "2");
            assertThat(events.count("delete")).isEqualTo(4);
            assertThat(events.count("store")).isEqualTo(1);
            assertThat(counters.summary().undeletedMessages()).isZero();
        }

        @Test
        void isLeftWhenItsNeighborsAreDeleted() {
            source.holds(message("1", "a"), message("2", "b"))
                    .deletes(messages -> new Deletion(messages.subList(1, 2), List.of(), null));

            processBatch();

            assertThat(source.deleted).containsExactly("1");
            assertThat(source.released).isEmpty();
            assertThat(events.count("delete")).isEqualTo(1);
            assertThat(counters.summary().undeletedMessages()).isEqualTo(1);
        }

        @Test
        void isNotReturnedToTheQueueWhenTheRunEndsBeforeThat() {
            source.holds(message("1", "ab"), message("2", "c")).deletes(messages -> {
                shutdown.request();
                return new Deletion(messages, List.of(), away);
            });

            assertThatThrownBy(PipelineTest.this::processBatch).isSameAs(away);

            assertThat(source.released).isEmpty();
            assertThat(counters.summary().undeletedMessages()).isEqualTo(2);
            assertThat(counters.summary().stored()).isEqualTo(3);
            assertThat(counters.summary().isBalanced()).isTrue();
        }

        @Test
        void isCountedWhenItsReceiptHandleIsNoLongerValid() {
            source.holds(message("1", "a")).deletes(messages -> new Deletion(List.of(), messages, null));

            processBatch();

            assertThat(counters.summary().undeletedMessages()).isEqualTo(1);
            assertThat(events.count("delete")).isEqualTo(1);
        }

        @Test
        void endsTheRunWhenDeletingIsDenied() {
            InfrastructureException denied = new InfrastructureException(Kind.NOT_PERMITTED, "denied.");
            source.holds(message("1", "a")).deletes(messages -> new Deletion(messages, List.of(), denied));

            assertThatThrownBy(PipelineTest.this::processBatch).isSameAs(denied);

            assertThat(shutdown.isRequested()).isTrue();
            assertThat(source.released).isEmpty();
        }
    }

    @Nested
    class LostMessage {

        @Test
        void isKeptOutOfTheCommit() {
            source.hidesFor(Duration.ZERO).holds(message("1", "ab"));

            processBatch();

            assertThat(events.seen()).containsExactly("receive", "map");
            assertThat(counters.summary().released()).isEqualTo(2);
            assertThat(counters.summary().isBalanced()).isTrue();
        }
    }

    @Nested
    class Failure {

        @ParameterizedTest
        @EnumSource(value = Kind.class, names = "TRANSIENT", mode = EnumSource.Mode.EXCLUDE)
        void ofTheSinkDeletesNothingAndReturnsEverythingToTheQueue(Kind kind) {
            source.holds(message("1", "ab"), message("2", "c"));
            InfrastructureException failure = new InfrastructureException(kind, "down.");
            sink.fails(failure);

            assertThatThrownBy(PipelineTest.this::processBatch).isSameAs(failure);

            assertNothingIsLost(3);
        }

        @Test
        void thatIsADefectOfTheSinkDeletesNothingAndReturnsEverythingToTheQueue() {
            source.holds(message("1", "ab"), message("2", "c"));
            sink.fails(new IllegalStateException("a defect"));

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(IllegalStateException.class);

            assertNothingIsLost(3);
        }

        @Test
        void thatIsAnErrorDeletesNothingAndReturnsEverythingToTheQueue() {
            source.holds(message("1", "ab"), message("2", "c"));
            sink.fails(new OutOfMemoryError("prepared"));

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(OutOfMemoryError.class);

            assertNothingIsLost(3);
        }

        @Test
        void ofTheMapperReturnsEverythingToTheQueue() {
            source.holds(message("1", "a"), message("2", "!"));

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(IllegalStateException.class);

            assertNothingIsLost(2);
            assertThat(events.seen()).doesNotContain("store");
        }

        @Test
        void toSettleEveryRecordDeletesNothing() {
            source.holds(message("1", "ab"), message("2", "c"));
            sink.settles(Settlement.STORED, Settlement.STORED);

            assertThatThrownBy(PipelineTest.this::processBatch)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 settlements for 3 records");

            assertNothingIsLost(3);
        }

        @Test
        void ofTheQueueIsPassedOn() {
            source.fails(new InfrastructureException(Kind.TRANSIENT, "away."));

            assertThatThrownBy(PipelineTest.this::processBatch).hasMessage("away.");

            assertThat(events.seen()).containsExactly("receive");
        }

        @Test
        void requestsTheShutdownBeforeAnythingReturnsToTheQueue() {
            source.holds(message("1", "!"))
                    .onRelease(() -> assertThat(shutdown.isRequested()).isTrue());

            assertThatThrownBy(PipelineTest.this::processBatch).isInstanceOf(IllegalStateException.class);

            assertThat(source.released).containsExactly("1");
        }

        private void assertNothingIsLost(long records) {
            assertThat(source.deleted).isEmpty();
            assertThat(source.released).containsExactly("1", "2");
            assertThat(counters.summary().released()).isEqualTo(records);
            assertThat(counters.summary().isBalanced()).isTrue();
        }
    }

    private int processBatch() {
        return processBatch(Duration.ZERO);
    }

    private int processBatch(Duration waitTime) {
        Pipeline pipeline = pipeline();
        try (BatchLimit.Turn turn = pipeline.limit().enter()) {
            return pipeline.processBatch(turn, waitTime);
        }
    }
}
