package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The upkeep as a worker runs it: beside the batches, and in nobody's way. */
class MaintenanceThreadIT {

    private static final Duration RETENTION = Duration.ofDays(4);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final MaintenanceThread.Pace QUICK =
            new MaintenanceThread.Pace(Duration.ofMillis(50), Duration.ofMillis(50));

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();

    private final Logger logger = (Logger) LoggerFactory.getLogger(MaintenanceThread.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    MaintenanceThreadIT() {
        new TargetTable(spec).createIfMissing(database);
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void close() {
        logger.setAdditive(true);
        logger.detachAppender(log);
        database.close();
    }

    @Test
    void startsAndStoresWhileReaderHoldsTheLedgerAndMakesDaysWhenItHasGone() {
        try (Database reading = testDatabase.open();
                PostgresSink sink = reading.transact("read", connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("LOCK TABLE sluice.ledger, sluice.ledger_default IN ACCESS SHARE MODE");
                    }
                    PostgresSink opened = open(database);
                    assertThat(opened.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
                    assertThat(days()).isZero();
                    return opened;
                })) {
            await().atMost(PATIENCE).until(() -> days() >= 13);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("Maintenance is incomplete")
                            && line.contains("could not create the ledger's partitions: another session"));
            assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.DUPLICATE);
        }
    }

    @Test
    void storesWithoutTheGrantsOfUpkeepAndGoesOnWhenTheyAreBack() {
        String role = "writer_" + testDatabase.address().database();
        testDatabase.execute("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA sluice TO " + role
                + "; GRANT INSERT ON sluice.ledger, sluice.ledger_by_key, sluice.quarantine, events TO " + role
                + "; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sluice TO " + role);
        try (Database asWriter = Database.open(testDatabase.as(role), 1);
                PostgresSink writer = open(asWriter)) {
            testDatabase.execute("REVOKE EXECUTE ON FUNCTION sluice.ledger_ensure, sluice.ledger_prune,"
                    + " sluice.ledger_horizon, sluice.partitions_ensure FROM " + role);
            String dropped = testDatabase
                    .query("SELECT max(oid::regclass::text) FROM pg_class WHERE relname ~ '^ledger_[0-9]{8}$'")
                    .getFirst();
            testDatabase.execute("DROP TABLE " + dropped);
            writer.probe();
            assertThat(writer.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
            assertThat(testDatabase.query("SELECT to_regclass('" + dropped + "')"))
                    .containsExactly("null");

            await().atMost(PATIENCE).until(() -> log.list.size() > 1);
            assertThat(log.list.getLast().getFormattedMessage())
                    .contains(
                            "could not create the ledger's partitions",
                            "could not create the table's partitions",
                            "42501");
            testDatabase.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sluice TO " + role);

            await().atMost(PATIENCE).until(() -> testDatabase
                    .query("SELECT to_regclass('" + dropped + "')")
                    .contains(dropped));
        }
    }

    @Test
    void closeWaitsForTheStepInProgress() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        PostgresSink sink = PostgresSink.open(database, spec, RETENTION, QUICK, connection -> {
            entered.countDown();
            awaitQuietly(released);
            over.set(true);
            return PartitionMaintenance.today(connection);
        });
        entered.await();
        Thread closing = Thread.ofVirtual().start(sink::close);
        assertThat(over).isFalse();
        released.countDown();
        closing.join();
        assertThat(over).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PostgresSink open(Database connected) {
        return PostgresSink.open(connected, spec, RETENTION, QUICK, PartitionMaintenance::today);
    }

    private long days() {
        return testDatabase.count("pg_class WHERE relname ~ '^ledger_[0-9]{8}$' AND relispartition");
    }
}
