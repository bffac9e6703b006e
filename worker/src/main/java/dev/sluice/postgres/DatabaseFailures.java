package dev.sluice.postgres;

import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place where a {@link SQLException} becomes ours. What leaves it bears SQLSTATE and names of the schema, never the
 * driver's message (it may quote values or the SQL that holds them) and no cause. Stateless.
 */
final class DatabaseFailures {

    /** One key, one place: how {@code unique_violation} is told from the rest (PostgreSQL manual, appendix A). */
    static final String UNIQUE_VIOLATION = "23505";

    private static final String NO_STATE = "none";

    /** Serialization, deadlock, lock and statement timeout, disk, standby: gone after a while, through no act of ours. */
    private static final Set<String> TRANSIENT = Set.of("25006", "40001", "40P01", "55P03", "57014", "58030");

    /** Database, table, column, schema missing; 22P03, 22P04: the binary COPY no longer fits the table's types. */
    private static final Set<String> CONFIG = Set.of("3D000", "3F000", "42P01", "42703", "22P03", "22P04");

    private DatabaseFailures() {}

    /** @param action what was tried, to continue "could not": {@code "store a batch"} */
    static InfrastructureException translate(String action, SQLException failure) {
        String state = state(failure);
        Kind kind = kind(state);
        return new InfrastructureException(
                kind,
                "could not " + action + ": PostgreSQL error, SQLSTATE " + state + names(failure) + "; "
                        + remedy(kind, state));
    }

    /** SQLSTATE of the failure, or of what it was chained from; {@code none} when the driver gave none. */
    static String state(SQLException failure) {
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
        if (state.equals(NO_STATE) || TRANSIENT.contains(state)) {
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
                        : "grant the role what it lacks; `sluice doctor` lists it";
            case CONFIG ->
                "what a setting names is missing or has changed; `sluice doctor` says what, `sluice migrate` creates it";
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
