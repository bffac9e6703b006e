package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bulk.ProgressListener;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.ShutdownSignal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BruteForceSearchTest {

    private final CandidateSpace network =
            CandidateSpace.network("10.20.0.0/16").orElseThrow();

    /** In slices of several threads, each text of the space comes once: every one is found, at its own place. */
    @ParameterizedTest
    @EnumSource(HashAlgorithm.class)
    void findsEveryTextAtItsPosition(HashAlgorithm algorithm) {
        HashIndex index = new HashIndex(LongStream.range(0, network.size())
                .map(at -> key(algorithm, network.text(at)))
                .toArray());

        long tried = run(algorithm, index, TrialOrder.spread(network.size(), 77));

        assertThat(tried).isEqualTo(network.size());
        assertThat(index.found()).isEqualTo(65_536);
        for (long at = 0; at < network.size(); at += 97) {
            assertThat(index.positions(key(algorithm, network.text(at)))).containsExactly(at);
        }
    }

    @Test
    void endsWhenAllAreFound() {
        HashIndex index = new HashIndex(new long[] {key(HashAlgorithm.SHA256, "10.20.0.9")});

        assertThat(run(HashAlgorithm.SHA256, index, ascending(network))).isLessThan(network.size());
        assertThat(index.found()).isOne();
    }

    @Test
    void findsNothingThatIsElsewhere() {
        long elsewhere = key(HashAlgorithm.SHA256, "10.21.0.0");
        HashIndex index = new HashIndex(new long[] {elsewhere});

        assertThat(run(HashAlgorithm.SHA256, index, ascending(network))).isEqualTo(network.size());
        assertThat(index.positions(elsewhere)).isEmpty();
    }

    @Test
    void endsWhenAskedTo() {
        ShutdownSignal stop = new ShutdownSignal();
        stop.request();
        HashIndex index = new HashIndex(new long[] {1});

        assertThat(new BruteForceSearch(
                                CandidateSpace.ipv4(), HashAlgorithm.SHA256, index, ascending(CandidateSpace.ipv4()))
                        .run(new WorkerPool(2, stop, new LastProgress()), "hashes", () -> false))
                .isZero();
    }

    /** Batches and slices end where the space does not: no text is left out or tried twice, and none beyond the end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1_023, 1_024, 1_025, 16_383, 16_384, 16_385, 40_000})
    void triesEachTextOnceWhateverTheSize(long size) {
        CandidateSpace space = new CandidateSpace.Addresses(0xcb00_71ffL, size);
        CandidateSpace beyond = new CandidateSpace.Addresses(0xcb00_71ffL + size, 2_000);

        for (TrialOrder order : List.of(ascending(space), new TrialOrder(size, size / 2, size == 1 ? 1 : size - 1))) {
            HashIndex index =
                    new HashIndex(LongStream.concat(keys(space), keys(beyond)).toArray());
            assertThat(run(space, HashAlgorithm.SHA256, index, order)).isEqualTo(size);

            assertThat(index.found()).isEqualTo((int) size);
            for (long at = 0; at < size; at++) {
                assertThat(index.positions(key(HashAlgorithm.SHA256, space.text(at))))
                        .containsExactly(at);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void findsTheFirstAndTheLastText(CandidateSpace space) {
        long last = space.size() - 1;
        HashIndex index = new HashIndex(
                new long[] {1, key(HashAlgorithm.SHA256, space.text(0)), key(HashAlgorithm.SHA256, space.text(last))});
        // The last text comes first, and the first text second: a whole space would take minutes.
        TrialOrder wrapping = new TrialOrder(space.size(), last, 1);
        AtomicInteger slices = new AtomicInteger();

        new BruteForceSearch(space, HashAlgorithm.SHA256, index, wrapping)
                .run(pool(new LastProgress()), "hashes", () -> slices.incrementAndGet() > 4);

        assertThat(index.positions(key(HashAlgorithm.SHA256, space.text(0)))).containsExactly(0L);
        assertThat(index.positions(key(HashAlgorithm.SHA256, space.text(last)))).containsExactly(last);
    }

    private static Stream<CandidateSpace> spaces() {
        return Stream.of(
                CandidateSpace.ipv4(),
                CandidateSpace.numbers(),
                CandidateSpace.network("198.51.100.0/24").orElseThrow());
    }

    @Test
    void triesNothingWhenNothingIsToBeFound() {
        assertThat(run(HashAlgorithm.SHA256, new HashIndex(new long[0]), ascending(network)))
                .isZero();
    }

    @Test
    void keepsSecondMatchAndLastPosition() {
        HashIndex index = new HashIndex(new long[] {5, -5});

        index.mark(5, 0);
        index.mark(5, 4_294_967_295L);
        index.mark(6, 1);
        index.mark(-5, 4_294_967_294L);

        assertThat(index.positions(5)).containsExactlyInAnyOrder(0L, 4_294_967_295L);
        assertThat(index.positions(-5)).isEqualTo(List.of(4_294_967_294L));
        assertThat(index.positions(6)).isEmpty();
        assertThat(index.found()).isEqualTo(2);
    }

    private long run(HashAlgorithm algorithm, HashIndex index, TrialOrder order) {
        return run(network, algorithm, index, order);
    }

    private static long run(CandidateSpace space, HashAlgorithm algorithm, HashIndex index, TrialOrder order) {
        LastProgress progress = new LastProgress();
        long tried = new BruteForceSearch(space, algorithm, index, order).run(pool(progress), "hashes", () -> false);
        assertThat(progress.done).isEqualTo(tried);
        return tried;
    }

    private static TrialOrder ascending(CandidateSpace space) {
        return TrialOrder.ascending(space.size());
    }

    private static WorkerPool pool(ProgressListener progress) {
        return new WorkerPool(4, new ShutdownSignal(), progress);
    }

    private static LongStream keys(CandidateSpace space) {
        return LongStream.range(0, space.size()).map(at -> key(HashAlgorithm.SHA256, space.text(at)));
    }

    private static long key(HashAlgorithm algorithm, String text) {
        return HashIndex.key(algorithm.digest().digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static final class LastProgress implements ProgressListener {

        private long done = -1;

        @Override
        public void began(String unit, long total) {
            assertThat(unit).isEqualTo("hashes");
        }

        @Override
        public void reached(long reached) {
            done = reached;
        }

        @Override
        public void noted(String sentence) {
            throw new AssertionError(sentence);
        }
    }
}
