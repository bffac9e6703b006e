package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.SqlError.Cause;
import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place that translates a {@link SQLException}. The result carries the cause in fixed words, the SQLSTATE and schema
 * names, never the driver's message (it may quote values or the SQL that holds them) and no cause. Stateless.
 */
public final class DatabaseFailures {

    public static final String UNIQUE_VIOLATION = "23505";

    /** {@code check_violation}; partitioning uses it too, with the table's name and without a constraint's. */
    private static final String CHECK_VIOLATION = "23514";

    /** Of a chain of exceptions; a cycle ends there. */
    private static final int MAX_LINKS = 8;

    /**
     * {@code COPY events, line 517} or {@code COPY events, line 517, column c1}, "line" in the server's language. The context
     * of a text COPY would hold the value; only the number is taken.
     */
    private static final Pattern COPY_CONTEXT =
            Pattern.compile("(?:^|\\n)COPY [^\\n,]+, \\p{L}+ (\\d{1,9})(?:, [^\\n]*)?$");

    private DatabaseFailures() {}

    /**
     * For a start or a command: the kind is the real one. The message names who connected to what, the cause in fixed words,
     * the SQLSTATE, the object if the server names one, and what to do.
     *
     * @param address which database; its password is not shown
     * @param action what was tried, to continue "could not": {@code "store a batch"}
     */
    public static InfrastructureException translate(DatabaseSettings address, String action, SQLException failure) {
        String failed = "could not " + action + " at " + address.place() + ": ";
        if (failure instanceof RowsDroppedException) {
            return new InfrastructureException(
                    Kind.FATAL, failed + "rows were dropped without an error; nothing was stored");
        }
        InfrastructureException ofLogin = ofLogin(failure);
        if (ofLogin != null) {
            return ofLogin;
        }
        DatabaseFault fault = Diagnosis.of(address, failure);
        return new InfrastructureException(
                fault.kind(),
                failed + fault.cause() + ", SQLSTATE " + state(failure) + names(failure) + "; " + fault.remedy());
    }

    /** What kept the pool from getting a password; in our own words. Null when the database itself failed. */
    private static @Nullable InfrastructureException ofLogin(SQLException failure) {
        return chain(failure)
                .map(DatabaseFailures::known)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable InfrastructureException known(Throwable link) {
        if (link instanceof InfrastructureException known) {
            return known;
        }
        return link instanceof SettingsException known
                ? new InfrastructureException(Kind.CONFIG, known.getMessage())
                : null;
    }

    /**
     * For a running worker: everything worked when it started, and messages can wait until it does again. So the kind is
     * always TRANSIENT; the remedy is that of the real kind, since somebody may have to act.
     */
    public static InfrastructureException whileRunning(DatabaseSettings address, String action, SQLException failure) {
        return new InfrastructureException(
                Kind.TRANSIENT, translate(address, action, failure).getMessage());
    }

    /** The error when the server rejects the data and would again; null for any other failure. */
    public static @Nullable SqlError rejection(SQLException failure) {
        if (failure instanceof RowsDroppedException) {
            return new SqlError(Cause.DROPPED, null, null, null, 0);
        }
        String state = state(failure);
        if (!SqlState.isRejection(state)) {
            return null;
        }
        return error(isUnrouted(state, failure) ? Cause.NO_PARTITION : Cause.RULE, state, failure);
    }

    /** The error when a record may be the cause; null in an outage, or when every other row would fail too. */
    public static @Nullable SqlError unexplained(SQLException failure) {
        String state = state(failure);
        return SqlState.isOutage(state) ? null : error(Cause.UNEXPLAINED, state, failure);
    }

    /** Whether the same transaction may succeed at once when it is run again. */
    public static boolean isRetryable(SQLException failure) {
        return SqlState.isRetryable(state(failure));
    }

    /** SQLSTATE of the failure, or of an exception that it is chained to; {@code none} when the driver gave none. */
    public static String state(SQLException failure) {
        return chain(failure)
                .map(link -> link instanceof SQLException sql ? sql.getSQLState() : null)
                .filter(state -> state != null)
                .findFirst()
                .orElse(SqlState.NONE);
    }

    /** The row at which a COPY failed, from the last line of the error's context; 0 when that says something else. */
    static int line(@Nullable String context) {
        Matcher matcher = COPY_CONTEXT.matcher(context == null ? "" : context);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static SqlError error(Cause cause, String state, SQLException failure) {
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

    // Names of constraint, table and column are schema, not data; the server's detail is not read.
    private static String names(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        if (server == null) {
            return "";
        }
        return named(" table ", server.getTable())
                + named(" column ", server.getColumn())
                + named(" constraint ", server.getConstraint())
                + named(" ", NamedObject.of(server));
    }

    private static String named(String what, @Nullable String name) {
        return name == null ? "" : "," + what + name;
    }

    static @Nullable ServerErrorMessage serverMessage(SQLException failure) {
        return chain(failure)
                .map(link -> link instanceof PSQLException driver ? driver.getServerErrorMessage() : null)
                .filter(message -> message != null)
                .findFirst()
                .orElse(null);
    }

    /** The failure and what it is chained to, next exception before cause. */
    static Stream<Throwable> chain(SQLException failure) {
        return Stream.<Throwable>iterate(failure, link -> link != null, DatabaseFailures::next)
                .limit(MAX_LINKS);
    }

    private static @Nullable Throwable next(Throwable failure) {
        if (failure instanceof SQLException sql && sql.getNextException() != null) {
            return sql.getNextException();
        }
        return failure.getCause();
    }
}
