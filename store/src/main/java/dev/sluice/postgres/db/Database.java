package dev.sluice.postgres.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * The connections to one database, and the one place that commits. Every use of the database, reading too, is a
 * transaction run by {@link #transact}. Thread-safe; close it when everything that was made from it has ended.
 */
public final class Database implements AutoCloseable {

    /** How long a batch may take before it is given up: the statement timeout. Visibility timeouts should be longer. */
    public static final Duration LONGEST_STORE = Duration.ofSeconds(Connections.STATEMENT_TIMEOUT_SECONDS);

    /** How long a caller waits for a connection: enough to open one over TLS, well below a visibility timeout of 30 s. */
    private static final long POOL_WAIT_MILLIS = 8_000;

    /** The pool opens no connection of its own at start: when that fails, it sleeps for a second before it reports it. */
    private static final long NO_FIRST_CONNECTION = -1;

    /** Views never take more of the server than this. */
    public static final int VIEW_CONNECTIONS = 2;

    private static final long VIEW_WAIT_MILLIS = 2_500;

    private static final long VIEW_IDLE_MILLIS = 30_000;

    private static final String READ_ID = "read the id of this database";

    private final DatabaseSettings address;
    private final LoginDataSource source;
    private final HikariDataSource pool;
    private volatile Consumer<String> retries = state -> {};
    private final Map<PipelineSpec.Sink, PipelineSpec.Sink> tables = new ConcurrentHashMap<>();

    private Database(DatabaseSettings address, LoginDataSource source, HikariConfig config) {
        this.address = address;
        this.source = source;
        this.pool = new HikariDataSource(config);
    }

    /**
     * Connects. The pool has one connection per consumer and one for maintenance.
     *
     * @param consumers how many batches are stored at the same time, at least 1
     * @throws InfrastructureException TRANSIENT when nobody answers, NOT_PERMITTED for a wrong user or password, CONFIG
     *     for a missing database
     */
    public static Database open(DatabaseSettings address, int consumers) {
        return open(address, Connections.forWork(address), consumers + 1);
    }

    /**
     * Connects for commands that may read or write a whole table: a statement may take an hour. One connection.
     *
     * @throws InfrastructureException as {@link #open}
     */
    public static Database openForMaintenance(DatabaseSettings address) {
        return open(address, Connections.forMaintenance(address), 1);
    }

    /**
     * For views of the data: two connections that only read, opened when they are needed and closed when they are not, with
     * statements of a few seconds. Does not connect yet: a database that is unavailable fails the uses of it, within
     * seconds.
     */
    public static Database forViews(DatabaseSettings address) {
        LoginDataSource source = Connections.forViews(address);
        HikariConfig config = config("sluice-views", source, VIEW_CONNECTIONS);
        config.setConnectionTimeout(VIEW_WAIT_MILLIS);
        config.setMinimumIdle(0);
        config.setIdleTimeout(VIEW_IDLE_MILLIS);
        return new Database(address, source, config);
    }

    private static Database open(DatabaseSettings address, LoginDataSource source, int connections) {
        HikariConfig config = config("sluice-database", source, connections);
        Connections.requireReachable(address);
        return new Database(address, source, config);
    }

    private static HikariConfig config(String name, LoginDataSource source, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setCredentialsProvider(source);
        config.setMaximumPoolSize(connections);
        config.setAutoCommit(false);
        config.setConnectionTimeout(POOL_WAIT_MILLIS);
        config.setIsolateInternalQueries(true); // else a new connection waits for its first use within a transaction
        config.setInitializationFailTimeout(NO_FIRST_CONNECTION);
        return config;
    }

    /**
     * Runs work in one transaction: committed when the work returns, rolled back when it throws. For a start or a
     * command: it tries once, and the failure's kind is the real one. The sink retries a running worker's transactions.
     * Begins with the search path fixed, see {@link SearchPath}.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException when the work or its commit failed; whether anything was written may be unknown
     */
    public <T> T transact(String action, Work<T> work) {
        try {
            return attempt(action, fixed(work));
        } catch (SQLException e) {
            throw DatabaseFailures.translate(address, action, e);
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
                wanted -> transact(
                        "look for table " + wanted.qualifiedName(),
                        connection -> SearchPath.locate(connection, wanted)));
    }

    /**
     * The id that {@code sluice migrate} gave this database. A copy that was restored from a dump has the same id.
     *
     * @throws InfrastructureException CONFIG when the schema is missing or older than this program, NOT_PERMITTED when
     *     the login may not read it
     */
    public UUID installationId() {
        return transact(READ_ID, Database::installationId);
    }

    /** The same over a single connection, for a check. */
    public static UUID installationId(DatabaseSettings address) {
        return Connections.once(address, READ_ID, Database::installationId);
    }

    private static UUID installationId(Connection connection) throws SQLException {
        return Query.of(connection, "SELECT sluice.installation_id()").one(row -> row.getObject(1, UUID.class));
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
     * One try at a transaction, on the role's own search path: its statements qualify every name.
     *
     * @throws SQLException when nothing was stored
     * @throws InfrastructureException when COMMIT was not answered, so that it is unknown whether anything was stored
     */
    public <T> T attempt(String action, Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            T result = attempt(connection, prepared(work));
            commit(action, connection);
            return result;
        }
    }

    /** Behind a pooler, each transaction has to bring its settings. */
    private <T> Work<T> prepared(Work<T> work) {
        String settings = source.ofTransaction();
        return settings.isEmpty()
                ? work
                : connection -> {
                    Query.execute(connection, settings);
                    return work.run(connection);
                };
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

    // The server answers COMMIT in an aborted transaction with ROLLBACK, which a driver may take for success.
    private static void commit(String action, Connection connection) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
            connection.rollback();
            throw new InfrastructureException(
                    Kind.FATAL,
                    "could not " + action + ": an error within the transaction was ignored; nothing was stored");
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            if (SqlState.isUnanswered(DatabaseFailures.state(e))) {
                throw outcomeUnknown(action, e);
            }
            throw e;
        }
    }

    private static InfrastructureException outcomeUnknown(String action, SQLException failure) {
        return new InfrastructureException(
                Kind.TRANSIENT,
                "could not " + action + ": COMMIT was sent but not confirmed, SQLSTATE "
                        + DatabaseFailures.state(failure) + "; redelivery shows whether it took place");
    }

    // The caller gets the first failure; a connection that cannot roll back is discarded.
    private void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            pool.evictConnection(connection);
        }
    }

    /** Which database, and who uses it. */
    public DatabaseSettings address() {
        return address;
    }

    /**
     * Measures the pool from now on; called once.
     *
     * @param registry a Micrometer {@code MeterRegistry}, which not everybody who uses this module has
     * @param retries gets the class of the SQLSTATE (appendix A of PostgreSQL's manual: two characters, "other" or "none")
     *     of each transaction that failed and is tried again
     */
    public void measure(Object registry, Consumer<String> retries) {
        pool.setMetricRegistry(registry);
        this.retries = retries;
    }

    /** Called when a transaction has failed and is tried again, at once or after an outage. */
    public void retrying(SQLException failure) {
        retries.accept(SqlState.classOf(DatabaseFailures.state(failure)));
    }

    /** Connections in use; 0 before the first and after the last. */
    public int activeConnections() {
        HikariPoolMXBean running = pool.getHikariPoolMXBean();
        return running == null ? 0 : running.getActiveConnections();
    }

    /** The most connections there may be. */
    public int maxConnections() {
        return pool.getMaximumPoolSize();
    }

    public boolean isClosed() {
        return pool.isClosed();
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Work within one transaction. Neither commits nor rolls back, and lets every SQLException through. */
    @FunctionalInterface
    public interface Work<T> {

        /** May run again after a failure. */
        T run(Connection connection) throws SQLException;
    }
}
