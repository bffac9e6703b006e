package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault matrix, row 15: the server process of the sink's connection ends at each step of a transaction. */
class TerminatedBackendIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final PostgresSink sink;

    TerminatedBackendIT() {
        new TargetTable(spec).createIfMissing(database, null);
        sink = PostgresSink.open(database, spec, Duration.ofDays(14));
        testDatabase.execute("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$");
    }

    @AfterEach
    void close() {
        sink.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TRIGGER wait BEFORE INSERT ON sluice.ledger FOR EACH ROW EXECUTE FUNCTION wait()",
                "CREATE TRIGGER wait BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION wait()",
                "CREATE TRIGGER wait AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION wait()",
                "CREATE TRIGGER wait BEFORE INSERT ON sluice.quarantine FOR EACH ROW EXECUTE FUNCTION wait()",
                "CREATE TRIGGER wait AFTER INSERT ON sluice.quarantine FOR EACH ROW EXECUTE FUNCTION wait()",
                "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED" // within COMMIT
                        + " FOR EACH ROW EXECUTE FUNCTION wait()"
            })
    void storesNothingOfBatchAndAllOfItsRedelivery(String step) throws Exception {
        testDatabase.execute(step);
        try (Connection other =
                        DriverManager.getConnection(dev.sluice.embedded.PostgresServer.jdbcUrl(testDatabase.url()));
                ExecutorService consumer = Executors.newSingleThreadExecutor()) {
            execute(other, "SELECT pg_advisory_lock(4711)");
            Future<List<Settlement>> stored = consumer.submit(() -> sink.store(batch(1)));
            await().until(() -> testDatabase.query(WAITING).size() == 1);
            testDatabase.execute("SELECT pg_terminate_backend(pid) FROM (" + WAITING + ") waiting");
            assertThatThrownBy(stored::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.TRANSIENT));
        }
        assertThat(testDatabase.count("events")).isZero();
        assertThat(testDatabase.count("sluice.ledger")).isZero();
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
        sink.probe();
        assertThat(sink.store(batch(2))).containsExactly(Settlement.STORED, Settlement.QUARANTINED, Settlement.STORED);
        assertThat(testDatabase.count("events")).isEqualTo(2);
    }

    private static final String WAITING =
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'advisory'"
                    + " AND datname = current_database()";

    private static List<MappedRecord> batch(int receiveCount) {
        return List.of(
                record("a", receiveCount, TestOutcomes.row("row", 1)),
                record("b", receiveCount, TestOutcomes.rejection(Reason.INVALID_IP, "c0", "b", "b")),
                record("c", receiveCount, TestOutcomes.row("row", 3)));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
