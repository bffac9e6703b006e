package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrialOrderTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 256, 65_536, 1_000_000})
    void spreadsOverTheSpaceLeavingNoneOut(long size) {
        TrialOrder order = TrialOrder.spread(size, size / 3);
        BitSet seen = new BitSet();
        LongStream.range(0, size).forEach(step -> seen.set(Math.toIntExact(order.position(step))));

        assertThat(seen.cardinality()).isEqualTo(Math.toIntExact(size));
        assertThat(seen.length()).isEqualTo(Math.toIntExact(size));
    }

    /** Of the largest space, the first 1 % lie 1 % in each of its sixteen parts. */
    @Test
    void isFairFromTheFirstOn() {
        TrialOrder order = TrialOrder.spread(CandidateSpace.ipv4().size(), 12_345);
        long[] parts = new long[16];
        int steps = 160_000;
        for (int step = 0; step < steps; step++) {
            parts[(int) (order.position(step) >>> 28)]++;
        }
        assertThat(LongStream.of(parts)).allMatch(part -> part >= 9_990 && part <= 10_010);
    }

    /** At the end of the largest space, too, where a step too wide would overflow. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 1_000_000_000, 4_294_967_296L})
    void followsEachPositionByTheNext(long size) {
        for (TrialOrder order : new TrialOrder[] {TrialOrder.ascending(size), TrialOrder.spread(size, size - 1)}) {
            for (long step : new long[] {0, size / 3, Math.max(0, size - 3_000)}) {
                long position = order.position(step);
                for (long at = step; at < Math.min(size, step + 3_000); at++) {
                    assertThat(position).isEqualTo(order.position(at)).isBetween(0L, size - 1);
                    position = order.next(position);
                }
            }
        }
    }
}
