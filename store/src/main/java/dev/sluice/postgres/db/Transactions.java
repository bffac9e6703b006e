package dev.sluice.postgres.db;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The transactions of a running worker. A transaction that others made fail (a deadlock, a timeout) runs again, a few times.
 * Every other failure of the database is transient, so that it stops receiving and not the worker. Thread-safe.
 */
public final class Transactions {

    /**
     * PostgreSQL detects a deadlock after {@code deadlock_timeout}, one second unless set, and one of n deadlocked workers
     * gets through each time. With the waits between them, five tries take about six seconds.
     */
    private static final int MAX_TRIES = 5;

    /**
     * No further try begins after that: well below SQS's default visibility timeout of 30 s, with time for one more try and
     * for the delete. So a statement that ran into its timeout of 20 s, or waited 10 s for a lock, is not tried again.
     */
    private static final Duration LAST_TRY_AFTER = Duration.ofSeconds(8);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    private final Database database;

    public Transactions(Database database) {
        this.database = database;
    }

    /**
     * Runs work in one transaction on the fixed search path: committed when the work returns, rolled back when it throws.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException TRANSIENT when the database failed, or when it is unknown whether it committed
     */
    public <T> T transact(String action, Database.Work<T> work) {
        return transactQualified(action, Database.fixed(work));
    }

    /** The same on the role's own search path, a round trip less: for statements that qualify every name. */
    public <T> T transactQualified(String action, Database.Work<T> work) {
        try {
            return store(action, work);
        } catch (BatchFailedException e) {
            throw e.failure();
        }
    }

    /**
     * The same, for work that writes rows, whose triggers may need the role's own search path.
     *
     * @throws BatchFailedException when the server rejected data, after one try; or when the last try failed for a reason
     *     that is neither data nor an outage
     */
    public <T> T store(String action, Database.Work<T> work) throws BatchFailedException {
        BackOff backOff = new BackOff(FIRST_WAIT);
        long begin = System.nanoTime();
        for (int tries = 1; ; tries++) {
            long tryBegin = System.nanoTime();
            try {
                return database.attempt(action, work);
            } catch (InfrastructureException e) {
                throw whileRunning(e);
            } catch (SQLException e) {
                InfrastructureException failure = DatabaseFailures.whileRunning(database.address(), action, e);
                SqlError rejection = DatabaseFailures.rejection(e);
                boolean isFinal = !DatabaseFailures.isRetryable(e)
                        || tries == MAX_TRIES
                        || System.nanoTime() - begin > LAST_TRY_AFTER.toNanos();
                if (rejection == null) {
                    database.retrying(e);
                }
                if (rejection != null || isFinal) {
                    SqlError error = rejection != null ? rejection : DatabaseFailures.unexplained(e);
                    if (error == null) {
                        throw failure;
                    }
                    throw new BatchFailedException(failure, error, System.nanoTime() - tryBegin);
                }
                await(backOff, failure);
            }
        }
    }

    // Somebody can correct a table or a grant while messages wait; FATAL is a defect and stays FATAL.
    private static InfrastructureException whileRunning(InfrastructureException failure) {
        return switch (failure.kind()) {
            case TRANSIENT, FATAL -> failure;
            case CONFIG, NOT_PERMITTED -> new InfrastructureException(Kind.TRANSIENT, failure.getMessage());
        };
    }

    /** With jitter, so that the same transactions do not deadlock again. */
    private static void await(BackOff backOff, InfrastructureException failure) {
        try {
            Thread.sleep(backOff.next().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
