package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BisectionTest {

    private static final Refusal REFUSAL = new Refusal("23514", "no_seven", null);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 9, 17, 100, 1_000})
    void findsCulpritAtEachPlaceWithinTheBound(int count) throws SQLException {
        for (int place = 0; place < count; place++) {
            Table table = new Table(Set.of(place));
            assertThat(Bisection.culprits(count, table).keySet()).containsExactly(place);
            assertThat(table.taken.cardinality()).isEqualTo(count - 1);
            assertThat(table.attempts).isLessThanOrEqualTo(bound(count));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 17, 64})
    void findsTwoCulpritsAtAnyPlacesWithinTheBoundOfEach(int count) throws SQLException {
        for (int first = 0; first < count; first++) {
            for (int second = first + 1; second < count; second++) {
                Table table = new Table(Set.of(first, second));
                assertThat(Bisection.culprits(count, table).keySet()).containsExactly(first, second);
                assertThat(table.attempts).isLessThanOrEqualTo(2 * bound(count));
            }
        }
    }

    @Test
    void findsAllWhenAllAreCulprits() throws SQLException {
        Table table = new Table(IntStream.range(0, 1_000).boxed().collect(Collectors.toSet()));
        assertThat(Bisection.culprits(1_000, table)).hasSize(1_000);
        assertThat(table.attempts).isLessThan(2 * 1_000);
        assertThat(table.taken.isEmpty()).isTrue();
    }

    @Test
    void blamesNobodyWhenPartsAreTakenThoughTheWholeWasNot() throws SQLException {
        Table table = new Table(Set.of());
        assertThat(Bisection.culprits(9, table)).isEmpty();
        assertThat(table.taken.cardinality()).isEqualTo(9);
    }

    /** As the guarantees say it: two attempts for each halving, and one. */
    private static int bound(int count) {
        return (int) (2 * Math.log(count) / Math.log(2)) + 1;
    }

    /** Takes each row at most once, and no part that holds a culprit. */
    private static final class Table implements Bisection.Attempt {

        private final Set<Integer> culprits;
        private final BitSet taken = new BitSet();
        private int attempts;

        Table(Set<Integer> culprits) {
            this.culprits = culprits;
        }

        @Override
        public @Nullable Refusal refusalOf(int from, int to) {
            attempts++;
            if (IntStream.range(from, to).anyMatch(culprits::contains)) {
                return REFUSAL;
            }
            assertThat(taken.nextSetBit(from))
                    .satisfiesAnyOf(next -> assertThat(next).isNegative(), next -> assertThat(next)
                            .isGreaterThanOrEqualTo(to));
            taken.set(from, to);
            return null;
        }
    }
}
