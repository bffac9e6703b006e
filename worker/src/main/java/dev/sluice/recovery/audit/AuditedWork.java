package dev.sluice.recovery.audit;

import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import dev.sluice.postgres.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that append to the audit: one at a time in the whole database, by a lock that the database takes. Says in
 * words why the database did not let one append. Stateless.
 */
public final class AuditedWork {

    /** The states that sluice's own functions raise; see migration V14. */
    private static final String CALLS_SPENT = "SL001";

    private static final String VALUES_SPENT = "SL002";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private AuditedWork() {}

    /**
     * Runs work in a transaction of its own, as {@link Database#transact} does.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException TRANSIENT when another session holds the audit, which is then named; NOT_PERMITTED
     *     when the day's calls or look-ups of this login are used up; else as {@link Database#transact}
     */
    public static <T> T transact(Database database, String action, Database.Work<T> work) {
        try {
            return database.transact(action, connection -> {
                try {
                    return work.run(connection);
                } catch (SQLException e) {
                    throw known(action, e);
                }
            });
        } catch (Held held) {
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "could not " + action + ": it waited 5 s for the audit, which is held by " + holder(database)
                            + "; that session must end its transaction, then call again");
        }
    }

    private static SQLException known(String action, SQLException failure) {
        String state = failure.getSQLState();
        if (LOCK_NOT_AVAILABLE.equals(state)) {
            throw new Held();
        }
        if (CALLS_SPENT.equals(state)) {
            throw spent(action, "calls", "daily_calls");
        }
        if (VALUES_SPENT.equals(state)) {
            throw spent(action, "look-ups", "daily_values");
        }
        return failure;
    }

    private static InfrastructureException spent(String action, String what, String column) {
        return new InfrastructureException(
                Kind.NOT_PERMITTED,
                "could not " + action + ": this login has made all the " + what
                        + " that the policy allows in a day (UTC);"
                        + " the database's owner may change sluice.recovery_policy." + column);
    }

    private static String holder(Database database) {
        try {
            return database.transact("ask who holds the audit", connection -> {
                try (PreparedStatement question =
                        connection.prepareStatement("SELECT pid, login FROM sluice.mutex_holder('audit')")) {
                    ResultSet found = question.executeQuery();
                    return found.next()
                            ? "process " + found.getInt(1) + login(found.getString(2))
                            : "a session that has let go of it since";
                }
            });
        } catch (InfrastructureException unknown) {
            return "another session, which this login may not ask for";
        }
    }

    private static String login(@Nullable String login) {
        return login == null ? "" : " of login " + login;
    }

    /** The lock was not to be had. */
    private static final class Held extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
