package dev.sluice.postgres.db;

import java.util.Set;

/** What a SQLSTATE says about the cause of a failure (PostgreSQL manual, appendix A). Stateless. */
final class SqlState {

    /** The driver reported no state. */
    static final String NONE = "none";

    private static final int LENGTH = 5;

    /** Serialization failure, deadlock, lock and statement timeout: the same transaction may succeed at once. */
    private static final Set<String> RETRYABLE = Set.of("40001", "40P01", "55P03", "57014");

    /** {@code sequence_generator_limit_exceeded}: no next value for any row. */
    private static final String SEQUENCE_EXHAUSTED = "2200H";

    /** States of the rejecting classes below that any other row would meet too. 22P03, 22P04: the binary COPY no longer fits the table. */
    private static final Set<String> OF_EVERY_ROW = Set.of("22P03", "22P04", SEQUENCE_EXHAUSTED);

    /** {@code query_canceled}: by {@code statement_timeout}, unless a person cancels it. */
    static final String STATEMENT_TIMEOUT = "57014";

    /** {@code lock_not_available}: by {@code lock_timeout}. */
    static final String LOCK_TIMEOUT = "55P03";

    /** Read-only, I/O error, no such database: every further statement fails too. */
    private static final Set<String> OUTAGES = Set.of("25006", "58030", "3D000");

    /** Connection, authorization, resources (disk, memory, connections). */
    private static final Set<String> OUTAGE_CLASSES = Set.of("08", "28", "53");

    /** 09: a trigger's action failed; 22, 23: data and constraints; P0: PL/pgSQL, by RAISE unless it sets another state. */
    private static final Set<String> REJECTING_CLASSES = Set.of("09", "22", "23", "P0");

    /** {@code program_limit_exceeded}: a value too wide for an index on its column. */
    private static final String TOO_WIDE_FOR_INDEX = "54000";

    /** Every class of the manual's appendix A, so that any other class is a trigger's own. */
    private static final Set<String> POSTGRES_CLASSES =
            Set.of(("00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40"
                            + " 42 44 53 54 55 57 58 72 F0 HV P0 XX")
                    .split(" "));

    private SqlState() {}

    static boolean isRetryable(String state) {
        return RETRYABLE.contains(state);
    }

    /** The manual's class of a state: a closed set. "other" for a trigger's own, "none" without a state. */
    static String classOf(String state) {
        if (state.equals(NONE)) {
            return NONE;
        }
        String known = state.substring(0, Math.min(2, state.length()));
        return POSTGRES_CLASSES.contains(known) ? known : "other";
    }

    /** Whether COMMIT may have been carried out without an answer; any other error means that nothing was stored. */
    static boolean isUnanswered(String state) {
        return state.equals(NONE) || isConnectionLost(state);
    }

    /** Whether every further statement, or every other row, would fail too. */
    static boolean isOutage(String state) {
        return isUnanswered(state)
                || OUTAGES.contains(state)
                || OF_EVERY_ROW.contains(state)
                || OUTAGE_CLASSES.contains(state.substring(0, 2));
    }

    /** Whether the server refused user or password: 28P01, and 28000 from PAM, which RDS uses for tokens. */
    static boolean isLoginRefused(String state) {
        return state.equals("28P01") || state.equals("28000");
    }

    /** Whether the server rejects the data, and would again. */
    static boolean isRejection(String state) {
        if (state.length() != LENGTH || OF_EVERY_ROW.contains(state)) {
            return false;
        }
        String stateClass = state.substring(0, 2);
        return REJECTING_CLASSES.contains(stateClass)
                || state.equals(TOO_WIDE_FOR_INDEX)
                || !POSTGRES_CLASSES.contains(stateClass);
    }

    private static boolean isConnectionLost(String state) {
        return state.startsWith("08") || state.startsWith("57P0");
    }
}
