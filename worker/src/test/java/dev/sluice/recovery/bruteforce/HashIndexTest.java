package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

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
