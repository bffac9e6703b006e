package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HashCollectionTest {

    @Test
    void keepsEachOnceHoweverOftenItComes() {
        HashCollection collection = new HashCollection(10_000);
        SplittableRandom random = new SplittableRandom(1);
        long[] hashes = LongStream.generate(random::nextLong).limit(10_000).toArray();
        for (int round = 0; round < 5; round++) {
            Arrays.stream(hashes).forEach(collection::add);
        }

        assertThat(collection.distinct()).containsExactlyInAnyOrder(hashes);
    }

    @Test
    void refusesMoreThanItMayHold() {
        HashCollection collection = new HashCollection(2_000);

        assertThatThrownBy(() -> {
                    LongStream.range(1, 10_000).forEach(collection::add);
                    collection.distinct();
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
            index.tried(hashes[position], position);
            index.tried(random.nextLong(), position);
        }

        assertThat(index.found()).isEqualTo(100_000);
        assertThat(index.positions(hashes[99_999])).containsExactly(99_999L);
    }
}
