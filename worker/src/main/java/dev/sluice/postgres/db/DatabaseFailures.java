package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.SqlError.Cause;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place where a {@link SQLException} becomes ours. What leaves it bears SQLSTATE and names of the schema, never the
 * driver's message (it may quote values or the SQL that holds them) and no cause. Stateless.
 */
public final class DatabaseFailures {

    /** One key, one place: how {@code unique_violation} is told from the rest (PostgreSQL manual, appendix A). */
    public static final String UNIQUE_VIOLATION = "23505";

    private static final String EXHAUSTED_REMEDY =
            "a sequence that fills a column of the table has no further value; raise its limit (ALTER SEQUENCE)";

    private static final String NO_STATE = "none";
    private static final int SQLSTATE_LENGTH = 5;

    /** Serialization, deadlock, lock and statement timeout: a victim of others, who may succeed at once. */
    private static final Set<String> VICTIM = Set.of("40001", "40P01", "55P03", "57014");

    /** Standby, disk: gone after a while, through no act of ours. */
    private static final Set<String> TRANSIENT = Set.of("25006", "58030");

    /** {@code sequence_generator_limit_exceeded}: no next value for any row. */
    private static final String SEQUENCE_EXHAUSTED = "2200H";

    /**
     * Database, table, column, schema, function missing; 22P03, 22P04: the binary COPY no longer fits the table's types; a
     * sequence exhausted.
     */
    private static final Set<String> CONFIG =
            Set.of("3D000", "3F000", "42P01", "42703", "42883", "22P03", "22P04", SEQUENCE_EXHAUSTED);

    /** Of the classes below, the states that the next row would meet as well: two of the binary format, and the sequence. */
    private static final Set<String> OF_EVERY_ROW = Set.of("22P03", "22P04", SEQUENCE_EXHAUSTED);

    /** {@code query_canceled}: by {@code statement_timeout}, unless a person did it. */
    private static final String STATEMENT_TIMEOUT = "57014";

    /** {@code lock_not_available}: by {@code lock_timeout}. */
    private static final String LOCK_TIMEOUT = "55P03";

    /** Read-only, an I/O error, no such database: whatever is sent next meets the same. */
    private static final Set<String> OUTAGES = Set.of("25006", "58030", "3D000");

    /** Connection, authorization, resources (disk, memory, connections). */
    private static final Set<String> OUTAGE_CLASSES = Set.of("08", "28", "53");

    /** {@code check_violation}; what partitioning says too, with the table's name and without a constraint's. */
    private static final String CHECK_VIOLATION = "23514";

    /** 09: a trigger's action failed; 22, 23: data and constraints; P0: raised in PL/pgSQL, by RAISE unless it says more. */
    private static final Set<String> REFUSING_CLASSES = Set.of("09", "22", "23", "P0");

    /** {@code program_limit_exceeded}: a value too wide for an index that somebody put on its column. */
    private static final String TOO_WIDE_FOR_INDEX = "54000";

    /** Every class of the manual's appendix A, so that any other one is known to be a trigger's own. */
    private static final Set<String> POSTGRES_CLASSES =
            Set.of(("00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 10 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40"
                            + " 42 44 53 54 55 57 58 72 F0 HV P0 XX")
                    .split(" "));

    /**
     * {@code COPY events, line 517} or {@code COPY events, line 517, column c1}, "line" in the server's language. Of a text
     * COPY the context would hold the value; of it only the number is taken.
     */
    private static final Pattern COPY_CONTEXT =
            Pattern.compile("(?:^|\\n)COPY [^\\n,]+, \\p{L}+ (\\d{1,9})(?:, [^\\n]*)?$");

    private DatabaseFailures() {}

    /**
     * For what is done once and waited for, a start or a command: its kind tells what is wrong, and the caller ends.
     *
     * @param action what was tried, to continue "could not": {@code "store a batch"}
     */
    public static InfrastructureException translate(String action, SQLException failure) {
        if (failure instanceof RowsDroppedException) {
            return new InfrastructureException(
                    Kind.FATAL, "could not " + action + ": rows were dropped without an error; nothing was stored");
        }
        String state = state(failure);
        Kind kind = kind(state);
        return new InfrastructureException(
                kind,
                "could not " + action + ": PostgreSQL error, SQLSTATE " + state + names(failure) + "; "
                        + remedy(kind, state));
    }

    /**
     * For a worker that runs: whatever the database says, it said yes when the worker started, and messages can wait
     * until it does again. So the kind is always TRANSIENT; the remedy is that of the real kind, since somebody may have
     * to act.
     */
    public static InfrastructureException whileRunning(String action, SQLException failure) {
        return new InfrastructureException(
                Kind.TRANSIENT, translate(action, failure).getMessage());
    }

    /** What the server says when it is neither away nor speaks of data; null when it is away, or the next row would fail too. */
    static @Nullable public SqlError unexplained(SQLException failure) {
        String state = state(failure);
        return isOutage(state) ? null : refusal(Cause.UNEXPLAINED, state, failure);
    }

    private static boolean isOutage(String state) {
        return state.equals(NO_STATE)
                || OUTAGES.contains(state)
                || OF_EVERY_ROW.contains(state)
                || state.startsWith("57P0")
                || OUTAGE_CLASSES.contains(state.substring(0, 2));
    }

    /** Whether a statement ran into its time-out. */
    public static boolean isTimeout(SqlError refusal) {
        return STATEMENT_TIMEOUT.equals(refusal.sqlState());
    }

    /** Whether a lock was not to be had within {@code lock_timeout}. */
    static boolean isLockTimeout(SQLException failure) {
        return state(failure).equals(LOCK_TIMEOUT);
    }

    /** Whether the same transaction may succeed at once, if it is run again. */
    public static boolean isVictim(SQLException failure) {
        return VICTIM.contains(state(failure));
    }

    /** What the server says of data that it will refuse however often they come; null when it says something else. */
    static @Nullable public SqlError refusal(SQLException failure) {
        if (failure instanceof RowsDroppedException) {
            return new SqlError(Cause.DROPPED, null, null, null, 0);
        }
        String state = state(failure);
        if (!isRefusal(state)) {
            return null;
        }
        return refusal(isUnrouted(state, failure) ? Cause.NO_PARTITION : Cause.RULE, state, failure);
    }

    private static SqlError refusal(Cause cause, String state, SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        return server == null
                ? new SqlError(cause, state, null, null, 0)
                : new SqlError(cause, state, server.getConstraint(), server.getColumn(), line(server.getWhere()));
    }

    // "no partition of relation found for row"; a RAISE with this code names neither table nor constraint.
    private static boolean isUnrouted(String state, SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        return state.equals(CHECK_VIOLATION)
                && server != null
                && server.getTable() != null
                && server.getConstraint() == null;
    }

    /** The row at which a COPY was, by the last line of the error's context; 0 when that tells something else. */
    static int line(@Nullable String context) {
        Matcher matcher = COPY_CONTEXT.matcher(context == null ? "" : context);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static boolean isRefusal(String state) {
        if (state.length() != SQLSTATE_LENGTH || OF_EVERY_ROW.contains(state)) {
            return false;
        }
        String stateClass = state.substring(0, 2);
        return REFUSING_CLASSES.contains(stateClass)
                || state.equals(TOO_WIDE_FOR_INDEX)
                || !POSTGRES_CLASSES.contains(stateClass);
    }

    /** Whether COMMIT was answered at all: an answer other than yes means that nothing was stored. */
    static boolean isUnanswered(SQLException failure) {
        String state = state(failure);
        return state.equals(NO_STATE) || state.startsWith("08") || state.startsWith("57P0");
    }

    /** SQLSTATE of the failure, or of what it was chained from; {@code none} when the driver gave none. */
    public static String state(SQLException failure) {
        Throwable seen = failure;
        for (int depth = 0; seen != null && depth < 8; depth++) {
            if (seen instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
            seen = next(seen);
        }
        return NO_STATE;
    }

    static Kind kind(String state) {
        if (state.equals(NO_STATE) || VICTIM.contains(state) || TRANSIENT.contains(state)) {
            return Kind.TRANSIENT;
        }
        if (state.startsWith("08") || state.startsWith("57P0") || state.startsWith("53")) {
            return Kind.TRANSIENT;
        }
        if (state.startsWith("28") || state.equals("42501")) {
            return Kind.NOT_PERMITTED;
        }
        return CONFIG.contains(state) ? Kind.CONFIG : Kind.FATAL;
    }

    private static String remedy(Kind kind, String state) {
        return switch (kind) {
            case TRANSIENT -> "the database is away, busy or read-only";
            case NOT_PERMITTED ->
                state.startsWith("28")
                        ? "check user and password (SLUICE_DATABASE_URL, PGUSER, PGPASSWORD) and pg_hba.conf"
                        : "the login lacks a right: docs/roles.md says which role does what, `sluice doctor` what a run lacks";
            case CONFIG ->
                state.equals(SEQUENCE_EXHAUSTED)
                        ? EXHAUSTED_REMEDY
                        : "what a setting names is missing or has changed; `sluice doctor` says what, `sluice migrate` creates it";
            case FATAL ->
                state.startsWith("22") || state.startsWith("23")
                        ? "a row does not satisfy the table, nothing of the batch was stored"
                        : "look the code up in PostgreSQL's manual, appendix A";
        };
    }

    // Names of constraint, table and column are schema, not data; the server's message and detail are not read.
    private static String names(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        if (server == null) {
            return "";
        }
        return named(" table ", server.getTable())
                + named(" column ", server.getColumn())
                + named(" constraint ", server.getConstraint());
    }

    private static String named(String what, @Nullable String name) {
        return name == null ? "" : "," + what + name;
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException failure) {
        Throwable seen = failure;
        for (int depth = 0; seen != null && depth < 8; depth++) {
            if (seen instanceof PSQLException driver && driver.getServerErrorMessage() != null) {
                return driver.getServerErrorMessage();
            }
            seen = next(seen);
        }
        return null;
    }

    private static @Nullable Throwable next(Throwable failure) {
        if (failure instanceof SQLException sql && sql.getNextException() != null) {
            return sql.getNextException();
        }
        return failure.getCause();
    }
}
