package dev.sluice.postgres.table;

import dev.sluice.postgres.db.SqlError;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that the database rejects among those it takes: at the line that the server names, else by halving. Each
 * culprit costs at most 2 log2 n + 1 attempts (four where the server names the line), and counts as one only after it was
 * rejected alone. One batch, one thread.
 */
final class Bisection {

    /** Stands for a rejection that is known without an attempt. */
    private static final SqlError NO_LINE = new SqlError("", null, null, 0);

    /** Following a line costs one more attempt at all rows behind it; with more culprits, halving costs less. */
    private static final int FEW = 10;

    private final Attempt attempt;
    private final SortedMap<Integer, SqlError> culprits = new TreeMap<>();

    private Bisection(Attempt attempt) {
        this.attempt = attempt;
    }

    /**
     * Attempts parts of the rows until each row was taken, or rejected alone.
     *
     * @param count how many rows, at least 1
     * @return by position, from 0, why a row was rejected; all others were taken, once
     */
    static SortedMap<Integer, SqlError> culprits(int count, Attempt attempt) throws SQLException {
        Bisection bisection = new Bisection(attempt);
        bisection.search(0, count);
        return bisection.culprits;
    }

    private void search(int from, int to) throws SQLException {
        int begin = from;
        boolean rejected = false; // whether the rows from begin on are known to be rejected as a whole
        while (begin < to) {
            SqlError error = rejected && to - begin > 1 ? NO_LINE : attempt.attempt(begin, to);
            if (error == null) {
                return;
            }
            if (to - begin == 1) {
                culprits.put(begin, error);
                return;
            }
            int before = culprits.size();
            int suspect = begin + error.line() - 1;
            if (suspect >= begin && suspect < to && before < FEW) {
                search(begin, suspect);
                search(suspect, suspect + 1);
                begin = suspect + 1;
            } else {
                int middle = begin + (to - begin) / 2;
                search(begin, middle);
                begin = middle;
            }
            rejected = culprits.size() == before;
        }
    }

    /** Writes the rows up to {@code to}, exclusive, all or none; null when they were taken. */
    interface Attempt {
        @Nullable
        SqlError attempt(int from, int to) throws SQLException;
    }
}
