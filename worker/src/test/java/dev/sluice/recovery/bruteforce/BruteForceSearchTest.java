package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.recovery.rewrap.ProgressListener;
import dev.sluice.recovery.rewrap.WorkerPool;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

        long tried = run(algorithm, index, BruteForceSearch.spread(network.size(), 77));

        assertThat(tried).isEqualTo(network.size());
        assertThat(index.found()).isEqualTo(65_536);
        for (long at = 0; at < network.size(); at += 97) {
            assertThat(index.positions(key(algorithm, network.text(at)))).containsExactly(at);
        }
    }

    @Test
    void endsWhenAllAreFound() {
        HashIndex index = new HashIndex(new long[] {key(HashAlgorithm.SHA256, "10.20.0.9")});

        assertThat(run(HashAlgorithm.SHA256, index, LongUnaryOperator.identity()))
                .isLessThan(network.size());
        assertThat(index.found()).isOne();
    }

    @Test
    void findsNothingThatIsElsewhere() {
        long elsewhere = key(HashAlgorithm.SHA256, "10.21.0.0");
        HashIndex index = new HashIndex(new long[] {elsewhere});

        assertThat(run(HashAlgorithm.SHA256, index, LongUnaryOperator.identity()))
                .isEqualTo(network.size());
        assertThat(index.positions(elsewhere)).isEmpty();
    }

    @Test
    void endsWhenAskedTo() {
        ShutdownSignal stop = new ShutdownSignal();
        stop.request();
        HashIndex index = new HashIndex(new long[] {1});

        assertThat(new BruteForceSearch(
                                CandidateSpace.ipv4(), HashAlgorithm.SHA256, index, LongUnaryOperator.identity())
                        .run(new WorkerPool(2, stop, new LastProgress()), "hashes", () -> false))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 256, 65_536, 1_000_000})
    void spreadsOverTheSpaceLeavingNoneOut(long size) {
        LongUnaryOperator order = BruteForceSearch.spread(size, size / 3);
        BitSet seen = new BitSet();
        LongStream.range(0, size).forEach(step -> seen.set(Math.toIntExact(order.applyAsLong(step))));

        assertThat(seen.cardinality()).isEqualTo(Math.toIntExact(size));
        assertThat(seen.length()).isEqualTo(Math.toIntExact(size));
    }

    /** Of the largest space, the first 1 % lie 1 % in each of its sixteen parts. */
    @Test
    void isFairFromTheFirstOn() {
        CandidateSpace all = CandidateSpace.ipv4();
        LongUnaryOperator order = BruteForceSearch.spread(all.size(), 12_345);
        long[] parts = new long[16];
        int steps = 160_000;
        for (int step = 0; step < steps; step++) {
            parts[(int) (order.applyAsLong(step) >>> 28)]++;
        }
        assertThat(LongStream.of(parts)).allMatch(part -> part >= 9_990 && part <= 10_010);
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

    private long run(HashAlgorithm algorithm, HashIndex index, LongUnaryOperator order) {
        LastProgress progress = new LastProgress();
        long tried = new BruteForceSearch(network, algorithm, index, order)
                .run(new WorkerPool(4, new ShutdownSignal(), progress), "hashes", () -> false);
        assertThat(progress.done).isEqualTo(tried);
        return tried;
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
