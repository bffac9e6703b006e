package dev.sluice.postgres;

import dev.sluice.postgres.db.SqlError;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that the database refuses among those it takes: at the place where the server says it was, else by
 * halves. Each culprit costs at most 2 log2 n + 1 attempts (four where the server says the place), and is refused by itself
 * before it is called one. Used for one batch, by one thread.
 */
final class Bisection {

    /** Stands for a refusal that is known without an attempt. */
    private static final SqlError NO_PLACE = new SqlError("", null, null, 0);

    /** Each place that is told costs one more attempt at all that is behind it; with many culprits, halves cost less. */
    private static final int FEW = 10;

    private final Attempt attempt;
    private final SortedMap<Integer, SqlError> culprits = new TreeMap<>();

    private Bisection(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * Attempts parts of the rows until each was taken, or refused alone.
     *
     * @param count how many rows, at least 1
     * @return by place, from 0, why a row was refused; all others were taken, once
     */
    static SortedMap<Integer, SqlError> culprits(int count, Attempt attempt) throws SQLException {
        Bisection bisection = new Bisection(attempt);
        bisection.search(0, count);
        return bisection.culprits;
    }

    private void search(int from, int to) throws SQLException {
        int begin = from;
        boolean refused = false; // whether that is known of the rows from begin on as a whole
        while (begin < to) {
            SqlError refusal = refused && to - begin > 1 ? NO_PLACE : attempt.refusalOf(begin, to);
            if (refusal == null) {
                return;
            }
            if (to - begin == 1) {
                culprits.put(begin, refusal);
                return;
            }
            int before = culprits.size();
            int told = begin + refusal.line() - 1;
            if (told >= begin && told < to && before < FEW) {
                search(begin, told);
                search(told, told + 1);
                begin = told + 1;
                refused = culprits.size() == before;
            } else {
                int middle = begin + (to - begin) / 2;
                search(begin, middle);
                begin = middle;
                refused = culprits.size() == before;
            }
        }
    }

    /** Writes the rows of a range, all or none. */
    @FunctionalInterface
    interface Attempt {

        /**
         * @param to exclusive
         * @return null when the rows were taken
         */
        @Nullable
        SqlError refusalOf(int from, int to) throws SQLException;
    }
}
