package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseSettings;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.GT;
import org.postgresql.util.ServerErrorMessage;

/**
 * Finds the {@link DatabaseFault} behind an exception: by the SQLSTATE, by the server's function that reported it (the
 * routine, which no language setting changes; poolers send none), and by the classes of the exceptions below. Quotes no
 * message; compares two with the driver's own catalog, and the begin of one with PgBouncer's. Stateless.
 */
final class Diagnosis {

    private static final Set<String> WITHOUT_TLS = Set.of("disable", "allow");

    /** Of the driver's {@code MakeSSL}. */
    private static final String OTHER_NAME = "The hostname {0} could not be verified by hostnameverifier {1}.";

    private static final String PROTOCOL_VIOLATION = "08P01";

    /** How PgBouncer's message begins, in whatever language the server speaks. */
    private static final String UNKNOWN_PARAMETER = "unsupported startup parameter";

    private Diagnosis() {}

    static DatabaseFault of(DatabaseSettings address, SQLException failure) {
        String state = DatabaseFailures.state(failure);
        ServerErrorMessage server = DatabaseFailures.serverMessage(failure);
        return server == null
                ? ofDriver(address, failure, state)
                : server.getRoutine() == null && state.equals(PROTOCOL_VIOLATION)
                        ? ofPooler(server)
                        : ofServer(address, state, server.getRoutine());
    }

    // --- the driver's own failures: no server answered, or the driver refused to go on

    private static DatabaseFault ofDriver(DatabaseSettings address, SQLException failure, String state) {
        DatabaseFault tls = ofTls(address, failure);
        if (tls != null) {
            return tls;
        }
        return switch (state) {
            case "08004" -> address.password() == null ? DatabaseFault.NO_PASSWORD : DatabaseFault.OTHER_AUTHENTICATION;
            case "08P01" -> DatabaseFault.NOT_POSTGRES;
            // The driver's own timeout has no cause.
            case "08001" -> hasCause(failure) ? ofSocket(failure) : DatabaseFault.TIMED_OUT;
            case SqlState.NONE -> DatabaseFault.UNANSWERED;
            default -> state.startsWith("08") ? ofSocket(failure) : ofState(state);
        };
    }

    private static @Nullable DatabaseFault ofTls(DatabaseSettings address, SQLException failure) {
        if (says(failure, GT.tr("The server does not support SSL."))) {
            return DatabaseFault.TLS_NOT_OFFERED;
        }
        if (says(failure, GT.tr(OTHER_NAME, address.host(), "PgjdbcHostnameVerifier"))) {
            return DatabaseFault.CERTIFICATE_OF_OTHER_HOST;
        }
        boolean isHandshake = has(failure, SSLException.class);
        if (has(failure, GeneralSecurityException.class)) {
            return isHandshake ? DatabaseFault.CERTIFICATE_NOT_TRUSTED : DatabaseFault.ROOT_CERTIFICATE_UNREADABLE;
        }
        if (has(failure, FileNotFoundException.class)) {
            return DatabaseFault.ROOT_CERTIFICATE_UNREADABLE;
        }
        return isHandshake && !has(failure, EOFException.class) ? DatabaseFault.TLS_FAILED : null;
    }

    private static DatabaseFault ofSocket(SQLException failure) {
        if (has(failure, UnknownHostException.class)) {
            return DatabaseFault.UNKNOWN_HOST;
        }
        if (has(failure, NoRouteToHostException.class)) {
            return DatabaseFault.UNREACHABLE;
        }
        if (has(failure, ConnectException.class)) {
            return DatabaseFault.REFUSED;
        }
        if (has(failure, SocketTimeoutException.class)) {
            return DatabaseFault.TIMED_OUT;
        }
        return has(failure, EOFException.class) ? DatabaseFault.CLOSED : DatabaseFault.BROKEN;
    }

    private static boolean hasCause(SQLException failure) {
        return DatabaseFailures.chain(failure).anyMatch(link -> !(link instanceof SQLException));
    }

    private static boolean has(SQLException failure, Class<? extends Throwable> type) {
        return DatabaseFailures.chain(failure).anyMatch(type::isInstance);
    }

    /** Whether the driver gives exactly this text: its only sign of two failures whose state it shares with others. */
    private static boolean says(SQLException failure, String text) {
        return DatabaseFailures.chain(failure).anyMatch(link -> text.equals(link.getMessage()));
    }

    // --- the server's errors

    /** PostgreSQL reports this state for broken messages only, and with a routine; PgBouncer for nearly all that it refuses. */
    private static DatabaseFault ofPooler(ServerErrorMessage error) {
        return String.valueOf(error.getMessage()).startsWith(UNKNOWN_PARAMETER)
                ? DatabaseFault.POOLER_REFUSES_PARAMETER
                : DatabaseFault.POOLER_GAVE_UP;
    }

    private static DatabaseFault ofServer(DatabaseSettings address, String state, @Nullable String routine) {
        String reporter = routine == null ? "" : routine;
        if (SqlState.isLoginRefused(state) && usesTokens(address) && !reporter.equals("InitializeSessionUserId")) {
            return DatabaseFault.TOKEN_REFUSED;
        }
        return switch (state) {
            case "28000" ->
                reporter.equals("InitializeSessionUserId")
                        ? DatabaseFault.ROLE_CANNOT_LOG_IN
                        : WITHOUT_TLS.contains(address.sslMode())
                                ? DatabaseFault.TLS_REQUIRED
                                : DatabaseFault.NOT_ADMITTED;
            case "42501" ->
                reporter.equals("CheckMyDatabase") ? DatabaseFault.MAY_NOT_CONNECT : DatabaseFault.NOT_PERMITTED;
            case "55000" -> reporter.equals("CheckMyDatabase") ? DatabaseFault.DATABASE_CLOSED : DatabaseFault.OTHER;
            default -> isOption(reporter) ? DatabaseFault.BAD_OPTION : ofState(state);
        };
    }

    private static boolean usesTokens(DatabaseSettings address) {
        return address.password() != null && address.password().isToken();
    }

    // Functions of the server's guc.c: at the start of a session they read the connection's options.
    private static boolean isOption(String routine) {
        return routine.equals("assignable_custom_variable_name")
                || routine.equals("parse_and_validate_value")
                || routine.equals("process_postgres_switches");
    }

    private static DatabaseFault ofState(String state) {
        return switch (state) {
            case "28P01" -> DatabaseFault.WRONG_PASSWORD;
            case "28000" -> DatabaseFault.NOT_ADMITTED;
            case "42501" -> DatabaseFault.NOT_PERMITTED;
            case "3D000" -> DatabaseFault.UNKNOWN_DATABASE;
            case "3F000" -> DatabaseFault.MISSING_SCHEMA;
            case "42P01" -> DatabaseFault.MISSING_TABLE;
            case "42703" -> DatabaseFault.MISSING_COLUMN;
            case "42883" -> DatabaseFault.MISSING_FUNCTION;
            case "22P03", "22P04" -> DatabaseFault.TYPES_CHANGED;
            case "2200H" -> DatabaseFault.SEQUENCE_EXHAUSTED;
            case "25006" -> DatabaseFault.READ_ONLY;
            case "53300" -> DatabaseFault.TOO_MANY_CONNECTIONS;
            case "53100" -> DatabaseFault.DISK_FULL;
            case "58030" -> DatabaseFault.DISK_ERROR;
            case "57P03" -> DatabaseFault.STARTING_OR_STOPPING;
            case "57014" -> DatabaseFault.STATEMENT_TIMED_OUT;
            case "55P03" -> DatabaseFault.LOCKED;
            case "40001", "40P01" -> DatabaseFault.CONFLICT;
            default -> ofClass(state);
        };
    }

    private static DatabaseFault ofClass(String state) {
        if (state.startsWith("08")) {
            return DatabaseFault.BROKEN;
        }
        if (state.startsWith("57P0")) {
            return DatabaseFault.SHUT_DOWN;
        }
        if (state.startsWith("28")) {
            return DatabaseFault.NOT_ADMITTED;
        }
        if (state.startsWith("53")) {
            return DatabaseFault.OUT_OF_RESOURCES;
        }
        return state.startsWith("22") || state.startsWith("23") ? DatabaseFault.ROW_REJECTED : DatabaseFault.OTHER;
    }
}
