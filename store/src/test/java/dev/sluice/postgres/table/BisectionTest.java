package dev.sluice.postgres.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.db.SqlError;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BisectionTest {

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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 1_000})
    void findsCulpritInFourAttemptsWhereTheServerSaysItsPlace(int count) throws SQLException {
        for (int place = 0; place < count; place++) {
            Table table = new Table(Set.of(place)).telling(0);
            assertThat(Bisection.culprits(count, table).keySet()).containsExactly(place);
            assertThat(table.taken.cardinality()).isEqualTo(count - 1);
            assertThat(table.attempts).isLessThanOrEqualTo(Math.min(4, bound(count)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1_000, -3, -1, 0, 1, 2, 1_000})
    void takesAPlaceThatIsWrongForAGuessOnly(int off) throws SQLException {
        for (int first = 0; first < 20; first++) {
            for (int second = first; second < 20; second++) {
                Table table = new Table(Set.copyOf(List.of(first, second))).telling(off);
                assertThat(Bisection.culprits(20, table).keySet()).isEqualTo(table.culprits);
                assertThat(table.taken.cardinality()).isEqualTo(20 - table.culprits.size());
            }
        }
    }

    @Test
    void sendsNoRowOftenWhenAllAreCulpritsAndTold() throws SQLException {
        Table table = new Table(IntStream.range(0, 1_000).boxed().collect(Collectors.toSet())).telling(0);
        assertThat(Bisection.culprits(1_000, table)).hasSize(1_000);
        assertThat(table.attempts).isLessThan(2 * 1_000);
        assertThat(table.rowsSent).isLessThan(1_000 * (10 + 11));
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
        private boolean tells;
        private int off;
        private int attempts;
        private int rowsSent;

        Table(Set<Integer> culprits) {
            this.culprits = culprits;
        }

        /** Says from now on where the first culprit is, wrong by so many places. */
        Table telling(int wrongBy) {
            tells = true;
            off = wrongBy;
            return this;
        }

        @Override
        public @Nullable SqlError attempt(int from, int to) {
            attempts++;
            rowsSent += to - from;
            OptionalInt culprit =
                    IntStream.range(from, to).filter(culprits::contains).findFirst();
            if (culprit.isPresent()) {
                int line = tells ? culprit.getAsInt() - from + 1 + off : 0;
                return new SqlError("23514", "no_seven", null, line);
            }
            assertThat(taken.nextSetBit(from))
                    .satisfiesAnyOf(next -> assertThat(next).isNegative(), next -> assertThat(next)
                            .isGreaterThanOrEqualTo(to));
            taken.set(from, to);
            return null;
        }
    }
}
