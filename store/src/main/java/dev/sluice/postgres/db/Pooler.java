package dev.sluice.postgres.db;

import dev.sluice.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Whether something between this process and PostgreSQL lends out the server's sessions, as PgBouncer does. In its
 * transaction mode the next transaction may meet another session: what was set for a session is lost, or changes the
 * transactions of others, and a prepared statement is not found again. Stateless.
 */
public final class Pooler {

    /** Of the driver: statements are never prepared on the server. */
    private static final int NEVER = 0;

    /** Each finds the mode unless another client takes the session in the same instant. */
    private static final int LOOKS = 3;

    private static final String SESSION = "SELECT pg_catalog.pg_backend_pid()";

    private Pooler() {}

    /**
     * Whether a pooler answered, in whatever mode: the process that PostgreSQL works in is then not the one that was named
     * when the connection began (PostgreSQL manual, 53.2.8: BackendKeyData), since poolers make up a key of their own. One
     * round trip.
     */
    public static boolean isBetween(Connection connection) throws SQLException {
        return session(connection) != connection.unwrap(PGConnection.class).getBackendPID();
    }

    /**
     * Whether a pooler was seen to lend a session to another connection before the first was closed: its mode is
     * transaction or statement. False without a pooler. On a very busy pooler it may be false by chance.
     */
    public static boolean isSharing(DatabaseSettings address) {
        return Connections.once(address, "look for a pooler", first -> isBetween(first) && isLentTo(address, first));
    }

    private static boolean isLentTo(DatabaseSettings address, Connection first) throws SQLException {
        for (int look = 0; look < LOOKS; look++) {
            int session = session(first);
            first.commit(); // gives it back, if the mode is transaction
            int other = Connections.once(address, "look for a pooler", Pooler::session);
            if (session == other) {
                return true;
            }
        }
        return false;
    }

    private static int session(Connection connection) throws SQLException {
        return Query.of(connection, SESSION).one(row -> row.getInt(1));
    }

    /** Keeps the driver from preparing statements, which another session would not know. */
    static void preparesNothing(Connection connection) throws SQLException {
        connection.unwrap(PGConnection.class).setPrepareThreshold(NEVER);
    }
}
