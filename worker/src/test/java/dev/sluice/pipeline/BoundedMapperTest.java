package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedMapperTest {

    private static final long KIB = 1_024;

    @Test
    void mapsAllThatFits() {
        List<MappedRecord> records = new ArrayList<>();

        mapper(1_000 * KIB).map(messages("a", "bc", "d"), records::addAll);

        assertThat(records).extracting(MappedRecord::index).containsExactly(0, 0, 1, 0);
    }

    @Test
    void leavesWhatDoesNotFitBesideItForTheNextBatch() {
        // Each may take up to three.
        assertThat(sizes(mapper(5 * KIB), "a".repeat(40), "b".repeat(40))).containsExactly(40, 40);
    }

    @Test
    void mapsOneMessageThatIsLargerThanAllMemoryByItself() {
        assertThat(sizes(mapper(KIB), "a".repeat(100), "b")).containsExactly(100, 1);
    }

    @Test
    void endsABatchWithAMessageOfManyRecords() {
        assertThat(sizes(mapper(1L << 40), "a".repeat(10_000), "b")).containsExactly(10_000, 1);
    }

    @Test
    void waitsUntilAnotherConsumerReleasesMemory() throws InterruptedException {
        BoundedMapper mapper = mapper(KIB);
        CountDownLatch mapped = new CountDownLatch(1);
        CountDownLatch stored = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> mapper.map(messages("a"), records -> {
            mapped.countDown();
            await(stored);
        }));
        mapped.await();
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> mapper.map(messages("b"), records -> {}));

        assertThat(second).isNotDone();
        stored.countDown();

        assertThat(first).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(second).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void releasesItsMemoryWhenMappingOrStoringFails() {
        BoundedMapper mapper = mapper(KIB);

        assertThatThrownBy(() -> mapper.map(messages("!"), records -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> mapper.map(messages("a"), records -> {
                    throw new IllegalStateException("not stored");
                }))
                .hasMessage("not stored");

        assertThat(sizes(mapper, "a")).containsExactly(1);
    }

    private static BoundedMapper mapper(long budgetBytes) {
        return new BoundedMapper(new FakeMapper(new Events()), budgetBytes);
    }

    private static List<Integer> sizes(BoundedMapper mapper, String... bodies) {
        List<Integer> sizes = new ArrayList<>();
        mapper.map(messages(bodies), records -> sizes.add(records.size()));
        return sizes;
    }

    private static List<Message> messages(String... bodies) {
        return List.of(bodies).stream().map(body -> message(body, body)).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
