package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.SqlError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The transactions of a running worker. What fell victim to others (a deadlock, a timeout) is run again as a whole, a few
 * times; every other fault of the database is one that passes, so that it stops the receiving of messages and not the
 * worker. Thread-safe.
 */
final class Transactions {

    /**
     * A deadlock shows after {@code deadlock_timeout}, one second unless set, and of n workers that deadlock one gets
     * through each time. With the waits between them, five tries take about six seconds then.
     */
    private static final int MAX_TRIES = 5;

    /**
     * No further try begins after that: well below SQS's default visibility timeout of 30 s, with room for one more try
     * and for the delete. A statement that ran into its own timeout of 20 s, or waited 10 s for a lock, is thereby not tried
     * again.
     */
    private static final Duration LAST_TRY_AFTER = Duration.ofSeconds(8);

    private static final Duration FIRST_WAIT = Duration.ofMillis(50);

    private final Database database;

    Transactions(Database database) {
        this.database = database;
    }

    /**
     * Runs work in one transaction of its own, on the fixed search path: committed when the work returns, rolled back when
     * it throws.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException TRANSIENT when the database failed, or whether it committed is unknown
     */
    <T> T transact(String action, Database.Work<T> work) {
        return transactQualified(action, Database.fixed(work));
    }

    /** The same on the role's own search path, a round trip less: for statements that name everything with its schema. */
    <T> T transactQualified(String action, Database.Work<T> work) {
        try {
            return transactOrRefuse(action, work);
        } catch (RowRejectedException e) {
            throw e.fault();
        }
    }

    /**
     * The same, for work that writes rows, whose triggers may need the role's own search path: what it says is qualified.
     *
     * @throws RowRejectedException when the server refused data; it is asked only once then
     */
    <T> T transactOrRefuse(String action, Database.Work<T> work) throws RowRejectedException {
        try {
            return transactExplained(action, work);
        } catch (UnexplainedFailureException e) {
            throw e.fault();
        }
    }

    /**
     * The same, for work that writes rows of many records, one of which may be the cause of any failure.
     *
     * @throws RowRejectedException when the server refused data; it is asked only once then
     * @throws UnexplainedFailureException when it failed, at the last try, for a reason that is neither data nor an outage
     */
    <T> T transactExplained(String action, Database.Work<T> work)
            throws RowRejectedException, UnexplainedFailureException {
        long begin = System.nanoTime();
        for (int tries = 1; ; tries++) {
            long tryBegin = System.nanoTime();
            try {
                return database.attempt(action, work);
            } catch (InfrastructureException e) {
                throw passing(e);
            } catch (SQLException e) {
                InfrastructureException fault = DatabaseFailures.whileRunning(action, e);
                if (DatabaseFailures.refusal(e) != null) {
                    throw new RowRejectedException(fault);
                }
                if (!DatabaseFailures.isVictim(e) || tries == MAX_TRIES || isLate(begin)) {
                    throw unexplained(e, fault, System.nanoTime() - tryBegin);
                }
                await(tries, fault);
            }
        }
    }

    private static UnexplainedFailureException unexplained(
            SQLException failure, InfrastructureException fault, long nanos) {
        SqlError refusal = DatabaseFailures.unexplained(failure);
        if (refusal == null) {
            throw fault;
        }
        return new UnexplainedFailureException(fault, refusal, nanos);
    }

    // A table or grant that does not fit any more is somebody's to mend; FATAL is a promise broken, and stays so.
    private static InfrastructureException passing(InfrastructureException failure) {
        return switch (failure.kind()) {
            case TRANSIENT, FATAL -> failure;
            case CONFIG, NOT_PERMITTED -> new InfrastructureException(Kind.TRANSIENT, failure.getMessage());
        };
    }

    private static boolean isLate(long begin) {
        return System.nanoTime() - begin > LAST_TRY_AFTER.toNanos();
    }

    /** Doubling, the upper half at random, so that those who deadlocked do not meet again. */
    private static void await(int tries, InfrastructureException fault) {
        long step = FIRST_WAIT.toMillis() << tries;
        try {
            Thread.sleep(step / 2 + ThreadLocalRandom.current().nextLong(step / 2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault;
        }
    }
}
