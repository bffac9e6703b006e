package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MappedBatchTest {

    private static final long KIB = 1_024;

    private final FakeMapper mapper = new FakeMapper(new Events());

    @Test
    void mapsAllThatFits() {
        Deque<Message> waiting = waiting("a", "bc", "d");

        try (MappedBatch batch = map(waiting, new MemoryBudget(1_000 * KIB))) {
            assertThat(batch.records()).extracting(MappedRecord::index).containsExactly(0, 0, 1, 0);
        }
        assertThat(waiting).isEmpty();
    }

    @Test
    void leavesWhatDoesNotFitBesideIt() {
        Deque<Message> waiting = waiting("a".repeat(40), "b".repeat(40));

        // Each may take up to three.
        try (MappedBatch batch = map(waiting, new MemoryBudget(5 * KIB))) {
            assertThat(batch.records()).hasSize(40);
        }
        assertThat(waiting).hasSize(1);
    }

    @Test
    void mapsOneMessageThatIsLargerThanAllMemoryByItself() {
        Deque<Message> waiting = waiting("a".repeat(100), "b");

        try (MappedBatch batch = map(waiting, new MemoryBudget(KIB))) {
            assertThat(batch.records()).hasSize(100);
        }
        assertThat(waiting).hasSize(1);
    }

    @Test
    void endsWithAMessageOfManyRecords() {
        Deque<Message> waiting = waiting("a".repeat(10_000), "b");

        try (MappedBatch batch = map(waiting, new MemoryBudget(1L << 40))) {
            assertThat(batch.records()).hasSize(10_000);
        }
        assertThat(waiting).hasSize(1);
    }

    @Test
    void waitsUntilAnotherLaneGivesMemoryBack() {
        MemoryBudget memory = new MemoryBudget(KIB);
        MappedBatch first = map(waiting("a"), memory);
        CompletableFuture<MappedBatch> second = CompletableFuture.supplyAsync(() -> map(waiting("b"), memory));

        assertThat(second).isNotDone();
        first.close();

        assertThat(second).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void givesItsMemoryBackWhenTheMapperFails() {
        MemoryBudget memory = new MemoryBudget(KIB);

        assertThatThrownBy(() -> map(waiting("!"), memory)).isInstanceOf(IllegalStateException.class);

        assertThat(memory.tryReserve(memory.units(KIB))).isTrue();
    }

    private MappedBatch map(Deque<Message> waiting, MemoryBudget memory) {
        return MappedBatch.of(waiting, mapper, memory);
    }

    private static Deque<Message> waiting(String... bodies) {
        return new ArrayDeque<>(
                List.of(bodies).stream().map(body -> message(body, body)).toList());
    }
}
