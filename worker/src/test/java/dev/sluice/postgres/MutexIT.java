package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.Roles;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Nobody who may only log in stops a worker or a command by holding a lock; who can, is named. */
class MutexIT {

    private static final Duration RETENTION = Duration.ofDays(4);

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final String stranger = "stranger_" + testDatabase.address().database();
    private final Database database = testDatabase.open();

    MutexIT() {
        testDatabase.execute("CREATE ROLE " + stranger + " LOGIN");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void strangerWithAllOurKeysAsAdvisoryLocksStopsNobody() throws SQLException {
        try (Connection holding = connect();
                Statement statement = holding.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended(key, 0)) FROM unnest(ARRAY['sluice.ledger',"
                    + " 'sluice.ledger_by_key', 'sluice.partitioned', 'sluice.roles', 'sluice.target']) AS key");
            new TargetTable(spec).createIfMissing(database);
            new Roles(spec).grant(database);
            PartitionMaintenance maintenance =
                    new PartitionMaintenance(database, new MessageLedger(6), spec.sink(), PartitionMaintenance::today);
            assertThat(maintenance.makePartitions()).isEmpty();
            assertThat(maintenance.prune(() -> false)).isEmpty();
            KeyLedger byKey = new KeyLedger(6);
            testDatabase.execute("INSERT INTO sluice.ledger_by_key VALUES ('a', now() - interval '30 days')");
            assertThat(new PartitionMaintenance(database, byKey, spec.sink(), PartitionMaintenance::today)
                            .prune(() -> false))
                    .isEmpty();
            assertThat(testDatabase.count("sluice.ledger_by_key")).isZero();
            try (PostgresSink sink = PostgresSink.open(database, spec, RETENTION)) {
                assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT FROM sluice.mutex FOR UPDATE",
                "SELECT FROM sluice.mutex FOR KEY SHARE",
                "LOCK TABLE sluice.mutex IN ACCESS SHARE MODE",
                "LOCK TABLE sluice.mutex",
                "SELECT sluice.mutex_take('audit')",
                "SELECT sluice.mutex_holder('audit')",
                "UPDATE sluice.mutex SET name = name"
            })
    void strangerLocksNoMutex(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    /** Also where the lock was taken in a subtransaction, as an EXCEPTION block of plpgsql is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT sluice.mutex_take('roles')",
                "DO $$ BEGIN BEGIN PERFORM sluice.mutex_take('roles'); EXCEPTION WHEN OTHERS THEN RAISE; END; END $$",
                "SAVEPOINT s; SELECT sluice.mutex_take('roles'); RELEASE SAVEPOINT s"
            })
    void namesTheSessionThatIsWaitedFor(String taking) {
        new TargetTable(spec).createIfMissing(database);
        try (Database impatient = testDatabase.open()) {
            database.transact("hold", holding -> {
                try (Statement statement = holding.createStatement()) {
                    statement.execute(taking);
                }
                int process = holding.unwrap(PGConnection.class).getBackendPID();
                assertThatThrownBy(() -> Mutex.ROLES.transact(impatient, "do it", connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("SET LOCAL lock_timeout = '200ms'");
                            }
                            Mutex.ROLES.take(connection);
                            return 0;
                        }))
                        .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                                .isEqualTo(Kind.TRANSIENT))
                        .hasMessage("could not do it: another session, process " + process + " of login "
                                + testDatabase.address().user()
                                + ", holds the mutex 'roles' of schema sluice; try again"
                                + " when it has ended");
                return 0;
            });
        }
    }

    @Test
    void workerStartsAndStoresWhileTheLedgersMutexIsHeld() {
        new TargetTable(spec).createIfMissing(database);
        try (Database working = testDatabase.open()) {
            database.transact("hold", holding -> {
                Mutex.LEDGER.take(holding);
                Mutex.PARTITIONS.take(holding);
                Mutex.LEDGER_BY_KEY.take(holding);
                try (PostgresSink sink = PostgresSink.open(working, spec, RETENTION)) {
                    assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
                }
                assertThat(new PartitionMaintenance(
                                        working, new MessageLedger(6), spec.sink(), PartitionMaintenance::today)
                                .makePartitions())
                        .singleElement()
                        .asString()
                        .contains("could not create the ledger's partitions: another session, process", "'ledger'");
                return 0;
            });
        }
    }

    /** What remains: Flyway's own lock. Only a migration waits for it, not for long, and says for whom. */
    @Test
    void migrationSaysWhoHoldsFlywaysLock() throws SQLException {
        long key = 77_431_708_279_161L + "\"sluice\".\"schema_history\"".hashCode();
        try (Connection holding = connect();
                Statement statement = holding.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + key + ")");
            int process = holding.unwrap(PGConnection.class).getBackendPID();
            assertThatThrownBy(() -> new Migrations(testDatabase.address()).run())
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.TRANSIENT))
                    .hasMessageContaining("process " + process + " of login " + stranger);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(PostgresServer.jdbcUrl(testDatabase.loginUrl(stranger)));
    }
}
