package dev.sluice.postgres.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * The connections to one database, and the one place that commits. Every use of the database, reading too, is a
 * transaction run by {@link #transact}. Thread-safe; close it when everything that was made from it has ended.
 */
public final class Database implements AutoCloseable {

    /** How long a batch may take before it is given up: a statement's time-out. Leases should be longer. */
    public static final Duration LONGEST_STORE = Duration.ofSeconds(Connections.STATEMENT_TIMEOUT_SECONDS);

    /** How long a caller waits for a connection: long enough to open one over TLS, short beside a lease of 30 s. */
    private static final long POOL_WAIT_MILLIS = 8_000;

    /** The pool's own first connection, when refused, is followed by a sleep of a second before it says so. */
    private static final long NOT_BY_THE_POOL = -1;

    private final HikariDataSource pool;
    private final Map<PipelineSpec.Sink, PipelineSpec.Sink> tables = new ConcurrentHashMap<>();

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Connects. The pool has one connection per lane and one for upkeep, readiness, metrics and the console.
     *
     * @param lanes how many batches are stored at the same time, at least 1
     * @throws InfrastructureException as told by the first connection: TRANSIENT when nobody answers, NOT_PERMITTED for
     *     a wrong user or password, CONFIG for a missing database
     */
    public static Database open(DatabaseSettings address, int lanes) {
        return open(address, Connections.forWork(address), lanes + 1, Connections.sessionSettings(address));
    }

    /**
     * Connects for what may read or write a whole table, with no batch behind it: a statement may take an hour. One
     * connection.
     *
     * @throws InfrastructureException as {@link #open}
     */
    public static Database openForMaintenance(DatabaseSettings address) {
        return open(address, Connections.forMaintenance(address), 1, Connections.maintenanceSettings(address));
    }

    private static Database open(DatabaseSettings address, DataSource source, int connections, String settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sluice-database");
        config.setDataSource(source);
        config.setMaximumPoolSize(connections);
        config.setAutoCommit(false);
        config.setConnectionTimeout(POOL_WAIT_MILLIS);
        config.setConnectionInitSql(settings);
        config.setIsolateInternalQueries(true); // else a fresh connection waits for its first use within a transaction
        config.setInitializationFailTimeout(NOT_BY_THE_POOL);
        Connections.prove(address);
        return new Database(new HikariDataSource(config));
    }

    /**
     * Runs work in one transaction of its own: committed when the work returns, rolled back when it throws. For what is
     * done once and waited for, a start or a command: one try, and the failure's kind tells what is wrong. A running
     * worker's are retried by the sink. Begins with the search path fixed, see {@link SearchPath}.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException when the work failed or its commit did; what the work wrote is not to be relied on
     */
    public <T> T transact(String action, Work<T> work) {
        try {
            return attempt(action, fixed(work));
        } catch (SQLException e) {
            throw DatabaseFailures.translate(action, e);
        }
    }

    /** The same work, with the search path fixed first. */
    public static <T> Work<T> fixed(Work<T> work) {
        return connection -> {
            SearchPath.fix(connection);
            return work.run(connection);
        };
    }

    /**
     * The pipeline with the schema of its table, looked up once on the login's own search path.
     *
     * @throws InfrastructureException CONFIG when there is no schema to look in, else as {@link #transact}
     */
    public PipelineSpec located(PipelineSpec spec) {
        return spec.into(located(spec.sink()));
    }

    /** The table with its schema, as {@link #located(PipelineSpec)}. */
    public PipelineSpec.Sink located(PipelineSpec.Sink sink) {
        return tables.computeIfAbsent(
                sink,
                asked -> transact(
                        "look for table " + asked.qualifiedName(), connection -> SearchPath.locate(connection, asked)));
    }

    /**
     * Schemas on the login's search path in which others can create, a sentence each.
     *
     * @throws InfrastructureException as {@link #transact}
     */
    public List<String> openSchemas() {
        return transact("look at the schemas on the search path", SearchPath::openToOthers);
    }

    /**
     * One try at a transaction, on the role's own search path: whatever it says is qualified.
     *
     * @throws SQLException when nothing was stored
     * @throws InfrastructureException when COMMIT was not answered, so that this is unknown
     */
    public <T> T attempt(String action, Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            T result = attempt(connection, work);
            commit(action, connection);
            return result;
        }
    }

    private <T> T attempt(Connection connection, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.run(connection);
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
    }

    // COMMIT in an aborted transaction is answered with ROLLBACK, which a driver may take for success.
    private static void commit(String action, Connection connection) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
            connection.rollback();
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not " + action + ": an error within the transaction was passed over; nothing was stored");
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            if (DatabaseFailures.isUnanswered(e)) {
                throw outcomeUnknown(action, e);
            }
            throw e;
        }
    }

    private static InfrastructureException outcomeUnknown(String action, SQLException failure) {
        return new InfrastructureException(
                Kind.TRANSIENT,
                "could not " + action + ": COMMIT was sent and not confirmed, SQLSTATE "
                        + DatabaseFailures.state(failure) + "; whether it took place is found out on redelivery");
    }

    // The failure that led here is on its way to the caller; a connection that cannot roll back is only thrown away.
    private void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            pool.evictConnection(connection);
        }
    }

    public boolean isClosed() {
        return pool.isClosed();
    }

    @Override
    public void close() {
        pool.close();
    }

    /** What is done within one transaction. Neither commits nor rolls back, and lets every SQLException out. */
    @FunctionalInterface
    public interface Work<T> {

        /** Does it; may be run again when it failed. */
        T run(Connection connection) throws SQLException;
    }
}
