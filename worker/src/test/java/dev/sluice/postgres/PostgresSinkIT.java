package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.FakeSealer;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresSinkIT {

    private final Instant sentAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final PostgresSink sink;

    PostgresSinkIT() {
        new TargetTable(spec).createIfMissing(database, null);
        sink = PostgresSink.open(database, spec, Duration.ofDays(14));
    }

    @AfterEach
    void close() {
        sink.close();
        database.close();
    }

    @Test
    void storesRowsQuarantinesRejectsAndSettlesInOrder() {
        List<Settlement> settlements =
                sink.store(List.of(record("a", 1, row(1)), record("b", 1, reject("b")), record("c", 1, row(3))));
        assertThat(settlements).containsExactly(Settlement.STORED, Settlement.QUARANTINED, Settlement.STORED);
        assertThat(testDatabase.query("SELECT c1 FROM events ORDER BY 1")).containsExactly("1", "3");
        assertThat(testDatabase.count("sluice.ledger")).isEqualTo(3);
    }

    @Test
    void findsDuplicateThoughItClaimsToBeFirstDelivery() {
        sink.store(List.of(record("a", 1, row(1)), record("b", 1, row(2))));
        assertThat(sink.store(List.of(record("c", 1, row(3)), record("a", 1, row(1)))))
                .containsExactly(Settlement.STORED, Settlement.DUPLICATE);
        assertThat(testDatabase.query("SELECT c1 FROM events ORDER BY 1")).containsExactly("1", "2", "3");
    }

    @Test
    void findsDuplicateAmongRedeliveries() {
        sink.store(List.of(record("a", 1, row(1)), record("b", 1, row(2))));
        assertThat(sink.store(List.of(record("z", 2, row(9)), record("b", 2, row(2)), record("a", 3, row(1)))))
                .containsExactly(Settlement.STORED, Settlement.DUPLICATE, Settlement.DUPLICATE);
        assertThat(testDatabase.query("SELECT c1 FROM events ORDER BY 1")).containsExactly("1", "2", "9");
    }

    @Test
    void keepsRecordsOfOneMessageApart() {
        MappedRecord first = record("a", 1, row(1));
        MappedRecord second = new MappedRecord(first.message(), 1, row(2));
        assertThat(sink.store(List.of(first, second))).containsExactly(Settlement.STORED, Settlement.STORED);
        assertThat(sink.store(List.of(second, first))).containsExactly(Settlement.DUPLICATE, Settlement.DUPLICATE);
    }

    @Test
    void writesOneRowForKeyThatComesTwiceInBatch() {
        assertThat(sink.store(List.of(record("a", 1, row(1)), record("a", 1, row(1)))))
                .containsExactly(Settlement.STORED, Settlement.DUPLICATE);
        assertThat(testDatabase.count("events")).isOne();
    }

    @Test
    void quarantinesRejectOnceAndUnsealably() {
        List<MappedRecord> batch = List.of(record("a", 1, reject("{\"ip\":\"canary\"}")));
        assertThat(sink.store(batch)).containsExactly(Settlement.QUARANTINED);
        assertThat(sink.store(batch)).containsExactly(Settlement.DUPLICATE);
        Quarantine quarantine = new Quarantine(database);
        List<QuarantineEntry> entries = new ArrayList<>();
        quarantine.list(QuarantineFilter.ALL, 10, entries::add);
        assertThat(entries).hasSize(1);
        QuarantineEntry entry = entries.getFirst();
        assertThat(entry.reason()).isEqualTo("invalid-ip");
        assertThat(entry.column()).isEqualTo("c0");
        assertThat(entry.messageId()).isEqualTo("a");
        assertThat(entry.sentAt()).isEqualTo(sentAt);
        byte[] sealed = quarantine.get(entry.id()).orElseThrow().original();
        assertThat(new String(
                        new FakeSealer().unseal(sealed, new Original.Binding("test", "a", null).associatedData()),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"ip\":\"canary\"}");
        assertThat(quarantine.get(entry.id() + 1)).isEmpty();
    }

    @Test
    void storesNothingWhenQuarantineCannotBeWritten() {
        testDatabase.execute("ALTER TABLE sluice.quarantine RENAME TO elsewhere");
        assertThatThrownBy(() -> sink.store(List.of(record("a", 1, row(1)), record("b", 1, reject("x")))))
                .isInstanceOf(InfrastructureException.class);
        assertThat(testDatabase.count("events")).isZero();
        assertThat(testDatabase.count("sluice.ledger")).isZero();
    }

    @Test
    void writesEachRecordOnceWhenTwoWorkersStoreTheSameBatch() throws Exception {
        try (Database otherDatabase = testDatabase.open();
                PostgresSink other = PostgresSink.open(otherDatabase, spec, Duration.ofDays(14));
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                List<MappedRecord> batch = batch("round" + round + "-", 1 + round % 2);
                List<MappedRecord> shuffled = new ArrayList<>(batch);
                Collections.shuffle(shuffled, new Random(round));
                List<Future<List<Settlement>>> both =
                        threads.invokeAll(List.of(() -> sink.store(batch), () -> other.store(shuffled)));
                long stored = stored(both.get(0).get()) + stored(both.get(1).get());
                assertThat(stored).isEqualTo(batch.size());
            }
        }
        assertThat(testDatabase.count("events")).isEqualTo(20 * 100);
        assertThat(testDatabase.query("SELECT count(*) FROM events GROUP BY c0 HAVING count(*) > 1"))
                .isEmpty();
    }

    @Test
    void storesMessageOlderThanAllPartitions() {
        sink.close(); // nothing is pruned from now on
        Message old = new Message("a", "r", Instant.parse("2001-01-01T00:00:00Z"), 1, new byte[0]);
        List<MappedRecord> batch = List.of(new MappedRecord(old, 0, row(1)));
        assertThat(sink.store(batch)).containsExactly(Settlement.STORED);
        assertThat(sink.store(batch)).containsExactly(Settlement.DUPLICATE);
        assertThat(testDatabase.count("sluice.ledger_default")).isOne();
    }

    @Test
    void putsTodaysKeysIntoTodaysPartition() {
        sink.store(List.of(record("a", 1, row(1))));
        assertThat(testDatabase.count("sluice.ledger_default")).isZero();
    }

    @Test
    void refusesToCommitWhatWasPassedOver() {
        assertThatThrownBy(() -> database.transact("try", connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("INSERT INTO public.events VALUES ('a', 1)");
                        statement.execute("SELECT 1 / 0");
                    } catch (SQLException passedOver) {
                        assertThat(passedOver.getSQLState()).isEqualTo("22012");
                    }
                    return 0;
                }))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("was ignored");
        assertThat(testDatabase.count("events")).isZero();
    }

    @Test
    void probesWhetherDatabaseTakesWrites() {
        sink.probe();
        testDatabase.execute("ALTER ROLE sluice IN DATABASE " + name() + " SET default_transaction_read_only = on");
        testDatabase.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await().untilAsserted(() -> assertThatThrownBy(sink::probe).hasMessageContaining("read-only (a standby"));
        assertThatThrownBy(() -> sink.store(List.of(record("a", 1, row(1)))))
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT));
        try (Database readOnly = testDatabase.open()) {
            assertThatThrownBy(() -> PostgresSink.open(readOnly, spec, Duration.ofDays(14)))
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.TRANSIENT));
        }
    }

    private String name() {
        return testDatabase.address().database();
    }

    private static long stored(List<Settlement> settlements) {
        return settlements.stream().filter(Settlement.STORED::equals).count();
    }

    private List<MappedRecord> batch(String prefix, int receiveCount) {
        return IntStream.range(0, 100)
                .mapToObj(i -> record(prefix + i, receiveCount, TestOutcomes.row(prefix + i, i)))
                .toList();
    }

    private MappedRecord record(String id, int receiveCount, Outcome outcome) {
        return new MappedRecord(
                new Message(id, "r", sentAt, receiveCount, new byte[0]), 0, TestOutcomes.in(id, outcome));
    }

    private static Outcome row(int value) {
        return TestOutcomes.row("row", value);
    }

    private static Outcome reject(String clear) {
        String id = clear.startsWith("{") ? "a" : clear;
        return TestOutcomes.rejection(Reason.INVALID_IP, "c0", clear, id);
    }
}
