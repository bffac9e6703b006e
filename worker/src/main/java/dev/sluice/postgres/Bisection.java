package dev.sluice.postgres;

import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that the database refuses among those it takes, by halves. Each culprit costs at most 2 log2 n + 1
 * attempts, and is refused by itself before it is called one. Used for one batch, by one thread.
 */
final class Bisection {

    private final Attempt attempt;
    private final SortedMap<Integer, Refusal> culprits = new TreeMap<>();

    private Bisection(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * Attempts parts of the rows until each was taken, or refused alone.
     *
     * @param count how many rows, at least 1; they are known to have been refused as a whole
     * @return by place, from 0, why a row was refused; all others were taken, once
     */
    static SortedMap<Integer, Refusal> culprits(int count, Attempt attempt) throws SQLException {
        Bisection bisection = new Bisection(attempt);
        bisection.search(0, count, true);
        return bisection.culprits;
    }

    /** @param refused whether that is known of these rows as a whole, so that they need not be attempted as such */
    private void search(int from, int to, boolean refused) throws SQLException {
        boolean single = to - from == 1;
        if (single || !refused) {
            Refusal refusal = attempt.refusalOf(from, to);
            if (refusal == null) {
                return;
            }
            if (single) {
                culprits.put(from, refusal);
                return;
            }
        }
        int middle = from + (to - from) / 2;
        int before = culprits.size();
        search(from, middle, false);
        boolean noneInFirstHalf = culprits.size() == before;
        search(middle, to, noneInFirstHalf);
    }

    /** Writes the rows of a range, all or none. */
    @FunctionalInterface
    interface Attempt {

        /**
         * @param to exclusive
         * @return null when the rows were taken
         */
        @Nullable
        Refusal refusalOf(int from, int to) throws SQLException;
    }
}
