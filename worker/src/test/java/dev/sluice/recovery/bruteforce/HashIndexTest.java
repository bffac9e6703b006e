package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashIndexTest {

    @Test
    void keepsEachOnceHoweverOftenItComes() {
        HashIndex.Builder builder = new HashIndex.Builder(10_000);
        SplittableRandom random = new SplittableRandom(1);
        long[] hashes = LongStream.generate(random::nextLong).limit(10_000).toArray();
        for (int round = 0; round < 5; round++) {
            builder.addAll(Arrays.stream(hashes).boxed().toList());
        }

        HashIndex index = builder.build();
        for (int position = 0; position < hashes.length; position++) {
            index.mark(hashes[position], position);
        }

        assertThat(index.size()).isEqualTo(10_000);
        assertThat(index.found()).isEqualTo(10_000);
    }

    @Test
    void holdsNothingOrOne() {
        HashIndex none = new HashIndex.Builder(1).build();
        HashIndex one = new HashIndex(new long[] {7});
        for (long key : new long[] {Long.MIN_VALUE, -1, 1, 7, Long.MAX_VALUE}) {
            none.mark(key, 3);
            one.mark(key, 3);
        }

        assertThat(none.size()).isZero();
        assertThat(none.found()).isZero();
        assertThat(none.positions(7)).isEmpty();
        assertThat(one.found()).isOne();
        assertThat(one.positions(7)).containsExactly(3L);
        assertThat(one.positions(-1)).isEmpty();
    }

    /** A filter that did would lose what a search finds. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 63, 64, 1_000, 100_000})
    void filterNeverHidesWhatItHoldsAndMostOfTheRest(int size) {
        SplittableRandom random = new SplittableRandom(size);
        long[] held = LongStream.concat(
                        LongStream.of(1, -1, Long.MIN_VALUE, Long.MAX_VALUE), LongStream.generate(random::nextLong))
                .limit(size)
                .toArray();
        long[] others = random.longs(100_000).toArray();
        HashFilter filter = new HashIndex(held).filter();

        int[] selected = new int[size];
        assertThat(filter.select(held, size, new long[size], selected)).isEqualTo(size);
        assertThat(selected).isEqualTo(IntStream.range(0, size).toArray());
        assertThat(filter.select(others, others.length, new long[others.length], new int[others.length]))
                .isLessThan(others.length / 40);
    }

    @Test
    void filterLooksAtNoMoreThanTheBatch() {
        HashFilter filter = new HashIndex(new long[] {5, 6}).filter();
        int[] selected = {-1, -1, -1};

        assertThat(filter.select(new long[] {5, 6, 6}, 2, new long[3], selected))
                .isEqualTo(2);
        assertThat(selected).containsExactly(0, 1, -1);
    }

    @Test
    void refusesMoreThanItMayHold() {
        HashIndex.Builder builder = new HashIndex.Builder(2_000);

        assertThatThrownBy(() -> {
                    builder.addAll(LongStream.range(1, 10_000).boxed().toList());
                    builder.build();
                })
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("--column");
    }

    /** A table as full as it gets answers for what it holds and for what it does not. */
    @Test
    void isLookedUpInAnIndexWithoutLoss() {
        SplittableRandom random = new SplittableRandom(2);
        long[] hashes = LongStream.generate(random::nextLong).limit(100_000).toArray();
        HashIndex index = new HashIndex(hashes);
        for (int position = 0; position < hashes.length; position++) {
            index.mark(hashes[position], position);
            index.mark(random.nextLong(), position);
        }

        assertThat(index.found()).isEqualTo(100_000);
        assertThat(index.positions(hashes[99_999])).containsExactly(99_999L);
    }
}
