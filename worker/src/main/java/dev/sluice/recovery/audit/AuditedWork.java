package dev.sluice.recovery.audit;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Mutex;
import java.sql.SQLException;

/**
 * Transactions that append to the audit: one at a time in the whole database, by a lock that the database takes. Says in
 * words why the database did not let one append. Stateless.
 */
public final class AuditedWork {

    /** The states that sluice's own functions raise; see migration V14. */
    private static final String CALLS_SPENT = "SL001";

    private static final String VALUES_SPENT = "SL002";

    private AuditedWork() {}

    /**
     * Runs work in a transaction of its own, as {@link Database#transact} does.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException TRANSIENT when another session holds the audit, which is then named; NOT_PERMITTED
     *     when the day's calls or look-ups of this login are used up; else as {@link Database#transact}
     */
    public static <T> T transact(Database database, String action, Database.Work<T> work) {
        return Mutex.AUDIT.transact(database, action, connection -> {
            try {
                return work.run(connection);
            } catch (SQLException e) {
                throw known(action, e);
            }
        });
    }

    private static SQLException known(String action, SQLException failure) {
        if (CALLS_SPENT.equals(failure.getSQLState())) {
            throw spent(action, "calls", "daily_calls");
        }
        if (VALUES_SPENT.equals(failure.getSQLState())) {
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
}
